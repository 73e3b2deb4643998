/** Counts what training a model costs, in bytes and floating-point operations, before anything is allocated. @module */
import { denseBytes } from "../ops/dense/dense_passes.ts";
import { type DeviceRoom, readDeviceRoom } from "../ops/device_room.ts";
import type { LayerBytes } from "../ops/layer_bytes.ts";
import { recurrentBytes, recurrentMultiplyAdds } from "../ops/recurrent/recurrent_cost.ts";
import { recurrentShape } from "../ops/recurrent/recurrent_shape.ts";
import type { RecurrentInput, StatesWanted } from "../ops/recurrent/recurrent_input.ts";
import type { ModelConfig } from "../network/config.ts";
import { cellGates } from "../network/layers.ts";
import { countModelParameters } from "../model/create_model.ts";
import { runNetwork } from "../model/network.ts";
import { parameterShapes } from "../network/parameters.ts";

/** The costs of training. */
export interface TrainingCost {
  /** Count of numbers in the model's parameters. */
  readonly parameters: number;
  /** Bytes of parameters, gradients and Adam's two moments: float32. */
  readonly stateBytes: number;
  /** Most bytes of the kernels' memory that are in use at once, on the `cpu` backend, in a step or an evaluation. */
  readonly peakBytes: number;
  /** Bytes of the largest tensor, which a WebGPU adapter must be able to bind. */
  readonly largestTensorBytes: number;
  /** Floating-point operations of a step: multiplications plus additions. */
  readonly stepOperations: number;
}

const BYTES = 4;
/** Number of examples that an evaluation computes together: the default of `evaluate`. */
const EVALUATION_BATCH = 256;
/** Most bytes by which a block of the kernels' memory is rounded up. */
const BLOCK_BYTES = 128;

/**
 * Counts what training a model with batches of some size costs. Nothing is allocated.
 *
 * Memory is counted as the compute kernels of the `cpu` backend lay it out. A step costs three times the products of the
 * forward pass: one with the weights forward, one with them backward, one for their gradients.
 *
 * @param config a checked config
 */
export function countTrainingCost(config: ModelConfig, batchSize: number): TrainingCost {
  const parameters = countModelParameters(config);
  const step = walkNetwork(config, batchSize, true);
  const evaluation = walkNetwork(config, EVALUATION_BATCH, false);
  const sizes = parameterShapes(config).map(({ shape }) => countValues(shape));
  const G = cellGates(config.cell);
  const timeSteps = Math.max(config.inputLength, config.outputLength);
  const gates = batchSize * timeSteps * G * config.hiddenSize;
  const moments = 2 * BYTES * parameters;
  return {
    parameters,
    stateBytes: 4 * BYTES * parameters,
    peakBytes: BYTES * parameters + moments + Math.max(step.peakBytes, evaluation.peakBytes) +
      BLOCK_BYTES * 3 * sizes.length,
    largestTensorBytes: BYTES * Math.max(gates, ...sizes),
    stepOperations: 2 * 3 * step.multiplyAdds,
  };
}

/** The speed of a machine. */
export interface MachineSpeed {
  /** Floating-point operations a second of one thread: see `measureCpuRate`. */
  readonly rate: number;
  /** Number of threads that compute. */
  readonly threads: number;
}

/** About how often a step reads or writes all parameters: to pack them, and to clear, write, clip and apply gradients. */
const PASSES = 24;
/** Assumed memory bandwidth of all threads together, in bytes a second. Servers have several times as much. */
const BANDWIDTH = 5e9;

/** Estimates the milliseconds of a step on the CPU, for a model so large that the rest of a step does not matter. */
export function estimateStepMs(cost: TrainingCost, { rate, threads }: MachineSpeed): number {
  const products = cost.stepOperations / (rate * threads);
  return 1000 * (products + PASSES * BYTES * cost.parameters / BANDWIDTH);
}

/**
 * Checks that a model can be trained on a device, before anything is allocated.
 *
 * @param config a checked config
 * @param room limits of a device; default: those of the device in use
 * @throws {RangeError} if it does not fit, with the largest hidden size or batch that does
 */
export function checkTrainingFits(
  config: ModelConfig,
  batchSize: number,
  room: DeviceRoom = readDeviceRoom(),
): void {
  const fault = findMisfit(config, batchSize, room);
  if (fault === undefined) return;
  const fits = (hiddenSize: number, size: number): boolean =>
    findMisfit({ ...config, hiddenSize }, size, room) === undefined;
  const hiddenSize = findLargest(config.hiddenSize, (size) => fits(size, batchSize));
  const batch = findLargest(batchSize, (size) => fits(config.hiddenSize, size));
  const ways = [
    ...(hiddenSize > 0 ? [`a hiddenSize of at most ${hiddenSize}`] : []),
    ...(batch > 0 ? [`a batchSize of at most ${batch}`] : []),
  ];
  throw new RangeError(
    `Cannot train: with hiddenSize ${config.hiddenSize} and batchSize ${batchSize} ${fault}; ${
      ways.length > 0 ? `${ways.join(" or ")} fits` : "fewer layers or shorter texts fit"
    }`,
  );
}

function findMisfit(
  config: ModelConfig,
  batchSize: number,
  { peakBytes = Infinity, tensorBytes = Infinity }: DeviceRoom,
): string | undefined {
  const cost = countTrainingCost(config, batchSize);
  if (cost.peakBytes > peakBytes) {
    return `a step needs ${
      gibibytes(cost.peakBytes)
    } of the compute kernels' memory, which has room for ${gibibytes(peakBytes)}`;
  }
  if (cost.largestTensorBytes > tensorBytes) {
    return `the largest tensor has ${
      gibibytes(cost.largestTensorBytes)
    }, but the WebGPU adapter takes at most ${gibibytes(tensorBytes)}`;
  }
  return undefined;
}

/** Finds the largest number below a given one that fits; 0 if none does. Above a number that does not fit, none may fit. */
function findLargest(below: number, fits: (value: number) => boolean): number {
  let [most, misfit] = [0, below];
  while (misfit - most > 1) {
    const middle = Math.floor((most + misfit) / 2);
    if (fits(middle)) most = middle;
    else misfit = middle;
  }
  return most;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}

/** A tensor of which only the dimensions are known. */
interface Sized {
  readonly shape: readonly number[];
}

interface WalkedNetwork {
  /** Most bytes in use at once, besides parameters and moments. */
  readonly peakBytes: number;
  /** Multiply-adds of the forward pass. */
  readonly multiplyAdds: number;
}

/** The bytes of a layer. */
interface WalkedLayer {
  readonly bytes: LayerBytes;
  /** Bytes of the gradients of its weights, which stay until the update. */
  readonly weightGradients: number;
  /** Bytes of the gradient of its input, which the layer before it uses. */
  readonly inputGradient: number;
}

/** Goes through the network forward, then backward, and adds up the bytes that each layer takes, keeps and frees. */
function walkNetwork(config: ModelConfig, batch: number, keep: boolean): WalkedNetwork {
  const layers: WalkedLayer[] = [];
  let multiplyAdds = 0;
  let held = 0;
  let peakBytes = 0;
  const leave = (output: Sized, layer: WalkedLayer): Sized => {
    const { bytes } = layer;
    layers.push(layer);
    held += bytesOf(output) + bytes.kept + 2 * BLOCK_BYTES;
    peakBytes = Math.max(peakBytes, held + bytes.forward);
    return output;
  };
  const cell = { name: config.cell, gates: cellGates(config.cell) };
  const logits = runNetwork<Sized>(config, {
    parameters: parameterShapes(config),
    sources: { shape: [batch, config.inputLength] },
  }, {
    recurrent(input, weights, wanted): Sized {
      const shape = recurrentShape(
        cell,
        input as RecurrentInput<Matrix, Sequence>,
        weights as { kernel: Matrix; recurrentKernel: Matrix; bias: Sized },
        wanted as StatesWanted,
      );
      const { steps, inputSize, hidden, width, kind } = shape;
      multiplyAdds += recurrentMultiplyAdds(shape);
      const inputs = batch * inputSize * { indices: 0, repeated: 1, sequence: steps }[kind];
      return leave({ shape: [batch, wanted === "last" ? 1 : steps, hidden] }, {
        bytes: recurrentBytes(shape, keep),
        weightGradients: BYTES * width * (inputSize + hidden + 1),
        inputGradient: BYTES * inputs,
      });
    },
    dropTime: ({ shape }) => ({ shape: [shape[0]!, shape[2]!] }),
    dense(states, kernel): Sized {
      const [B, T, I] = states.shape as [number, number, number];
      const V = kernel.shape[1]!;
      multiplyAdds += B * T * I * V;
      return leave({ shape: [B, T, V] }, {
        bytes: denseBytes({ shape: [B, T, I, V], keep }),
        weightGradients: BYTES * (I * V + V),
        inputGradient: BYTES * B * T * I,
      });
    },
  });
  if (!keep) return { peakBytes, multiplyAdds };
  let outputGradient = bytesOf(logits);
  held += 2 * outputGradient; // the gradient of the logits, and their difference from the targets
  for (const { bytes, weightGradients, inputGradient } of layers.toReversed()) {
    held += weightGradients + inputGradient;
    peakBytes = Math.max(peakBytes, held + bytes.backward);
    held -= outputGradient;
    outputGradient = inputGradient;
  }
  return { peakBytes, multiplyAdds };
}

type Matrix = { readonly shape: Readonly<[number, number]> };
type Sequence = { readonly shape: Readonly<[number, number, number]> };

function bytesOf({ shape }: Sized): number {
  return BYTES * countValues(shape);
}

function countValues(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
