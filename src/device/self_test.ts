/** Tests whether a GPU computes: some give zeros, and zero gradients, without an error. @module */
import { characterLayout } from "../codec/layout.ts";
import type { Cell, Decoder } from "../network/config.ts";
import { describeNetwork } from "../network/describe_network.ts";
import type { Network } from "../network/network.ts";
import { createCpuDevice } from "./cpu/cpu_device.ts";
import type { Device, Examples, Regularization } from "./executor.ts";
import type { OptimizerSettings } from "./optimizer.ts";

/** Largest difference from the processor's results that rounding explains, for values near 1. */
const TOLERANCE = 1e-4;

/** What has passed on each GPU: it is not tested again. */
const PASSED = new WeakMap<GPUDevice, Set<string>>();

/** Three examples with sources and targets of two of seven symbols, the first of which pads with attention. */
const EXAMPLES: Examples = {
  count: 3,
  sources: Uint8Array.of(0, 3, 6, 1, 2, 2),
  targets: Uint8Array.of(1, 5, 0, 6, 4, 4),
};

/** What a step of each decoder is regularised by. */
const REGULARIZATIONS: Readonly<Record<Decoder, Regularization>> = {
  repeat: { dropout: 0, seed: 0, labelSmoothing: 0 },
  attention: { dropout: 0.25, seed: 1, labelSmoothing: 0.1 },
};

/** The networks to test with: every cell with every decoder. */
export interface TestedNetworks {
  readonly cells: readonly Cell[];
  readonly decoders: readonly Decoder[];
}

/** A cell and a decoder. */
interface Probe {
  readonly cell: Cell;
  readonly decoder: Decoder;
}

const SETTINGS: OptimizerSettings = {
  ...{ name: "adam", beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.1, clipNorm: 0.1 },
};

/**
 * Takes one small training step with each cell and decoder, and compares figures, gradients, parameters and optimiser with those of the
 * compute kernels of the processor, which are there on every platform.
 *
 * @param gpu the GPU that the device computes on
 * @returns what went wrong, or undefined if nothing did
 */
export async function testDevice(
  device: Device,
  gpu: GPUDevice,
  { cells, decoders }: TestedNetworks,
): Promise<string | undefined> {
  const passed = PASSED.get(gpu) ?? new Set<string>();
  PASSED.set(gpu, passed);
  const processor = createCpuDevice({ threads: 1 });
  for (const probe of cells.flatMap((cell) => decoders.map((decoder) => ({ cell, decoder })))) {
    const what = `${device.report.executor}/${probe.cell}/${probe.decoder}`;
    if (passed.has(what)) continue;
    const failure = await compareStep(device, processor, probe);
    if (failure !== undefined) return failure;
    passed.add(what);
  }
  return undefined;
}

async function compareStep(
  device: Device,
  processor: Device,
  probe: Probe,
): Promise<string | undefined> {
  const expected = await takeStep(processor, probe);
  const found = await takeStep(device, probe).catch((error: Error) => error.message);
  if (typeof found === "string") return found;
  const what = `a step of ${probe.cell} with the decoder ${probe.decoder}`;
  for (const [i, value] of expected.entries()) {
    const difference = Math.abs(value - found[i]!);
    if (difference <= TOLERANCE) continue;
    return `its results are wrong: value ${i} of ${what} is off by ${difference}`;
  }
  return undefined;
}

/** Gives all values of one step, as one list: figures, gradients, parameters and optimiser. */
async function takeStep(device: Device, probe: Probe): Promise<number[]> {
  const network = describeProbe(probe);
  const regularization = REGULARIZATIONS[probe.decoder];
  using executor = await device.load(
    network,
    network.parameters.map(({ shape }, i) => fill(shape, i)),
  );
  using examples = executor.hold(EXAMPLES);
  using optimizer = executor.createOptimizer(SETTINGS);
  const order = Uint32Array.of(2, 0, 1);
  const { figures, gradients } = await executor.differentiate(examples, order, {
    ...regularization,
    step: 1,
  });
  using steps = executor.begin({
    ...{ examples, optimizer, order, batchSize: 3, from: 0, step: 0 },
    ...{ learningRate: () => 0.1, regularization },
  });
  steps.take();
  const [stepFigures] = await steps.settle();
  const state = await executor.readState(optimizer);
  const numbers = [figures, stepFigures!].map(({ loss, characterAccuracy, exactMatch }) => [
    ...[loss, characterAccuracy, exactMatch],
  ]);
  const arrays = [...numbers, ...gradients, ...state.map(({ values }) => values)];
  return arrays.flatMap((values) => Array.from(values));
}

/** A network whose sizes are primes, or twice a prime, so that every one leaves an incomplete tile. It has every kind of layer. */
function describeProbe({ cell, decoder }: Probe): Network {
  const layout = characterLayout(" abcdef", { inputLength: 2, outputLength: 2 });
  const common = { cell, decoder, layers: 2, ...layout };
  return describeNetwork(
    decoder === "repeat"
      ? { ...common, hiddenSize: 5 }
      : { ...common, hiddenSize: 10, encoderLayers: 2, bidirectional: true, embeddingSize: 3 },
  );
}

/** Values between -1 and 1, no two alike. */
function fill(shape: readonly number[], phase: number): Float32Array {
  const count = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from({ length: count }, (_, n) => Math.cos(phase + 1.3 * n));
}
