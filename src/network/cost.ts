/** Counts what a training step of a network costs, without a device. @module */
import type { Network, RecurrentLayer, RepeatLayer } from "./network.ts";

/** The costs of a training step. */
export interface StepCost {
  /** Count of numbers in the network's parameters. */
  readonly parameters: number;
  /** Bytes of parameters, gradients and Adam's two moments: float32. */
  readonly stateBytes: number;
  /** Floating-point operations: multiplications plus additions. */
  readonly operations: number;
}

const BYTES = 4;

/** Numbers of symbols of a usual example: networks with attention do no work for padding. */
export interface ExampleLengths {
  /** Symbols of the source. */
  readonly source: number;
  /** Symbols of the target, with its end symbol. */
  readonly target: number;
}

/**
 * Counts what a step with a batch of some size costs.
 *
 * A step costs three times the products of the forward pass: one with the weights forward, one with them backward, one for their
 * gradients. The first time step has no states to multiply, and a lookup multiplies nothing.
 *
 * @param lengths of a usual example. Default: the longest that is possible
 */
export function countStepCost(
  network: Network,
  batchSize: number,
  lengths?: ExampleLengths,
): StepCost {
  const count = network.parameters.reduce(
    (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );
  return {
    parameters: count,
    stateBytes: 4 * BYTES * count,
    operations: 2 * 3 * batchSize * countMultiplyAdds(network, lengths),
  };
}

/** Counts the multiply-adds of the forward pass for one example. */
export function countMultiplyAdds(network: Network, lengths?: ExampleLengths): number {
  if (network.decoder === "repeat") {
    return network.layers.reduce((sum, layer) => sum + countRepeatLayer(layer), 0);
  }
  const { inputLength, outputLength } = network;
  const { source, target } = lengths ?? { source: inputLength, target: outputLength };
  const { encoder, decoderLayers, attention: { hiddenSize: H }, output } = network;
  return source * sum(encoder.flat().map(countStep)) + target * sum(decoderLayers.map(countStep)) +
    target * (3 * H * H + 2 * source * H + H * output.outputSize);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** Counts a time step of a layer that reads a vector at every one. */
function countStep({ gates, hiddenSize, inputSize }: RecurrentLayer): number {
  return gates * hiddenSize * (hiddenSize + inputSize);
}

function countRepeatLayer(layer: RepeatLayer): number {
  const { inputSize, timeSteps } = layer;
  if (layer.type === "dense") return timeSteps * inputSize * layer.outputSize;
  const { gates, hiddenSize, input } = layer;
  const inputs = { indices: 0, repeated: 1, sequence: timeSteps }[input];
  return gates * hiddenSize * ((timeSteps - 1) * hiddenSize + inputs * inputSize);
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
export function estimateStepMs(
  { operations, parameters }: Pick<StepCost, "operations" | "parameters">,
  { rate, threads }: MachineSpeed,
): number {
  return 1000 * (operations / (rate * threads) + PASSES * BYTES * parameters / BANDWIDTH);
}
