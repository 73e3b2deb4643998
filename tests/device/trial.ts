/** Networks, examples and steps for the tests of executors. @module */
import type { BatchFigures, Examples, Executor, StepsPlan } from "../../src/device/executor.ts";
import type { AdamSettings } from "../../src/device/optimizer.ts";
import type { AttentionNetwork, Network, RepeatNetwork } from "../../src/network/network.ts";
import { forkPrng } from "../../src/random/prng.ts";
import { type AttentionSize, describeAttention } from "../describe_attention.ts";
import { describeTwoTables, type NetworkSize } from "../describe_two_tables.ts";

/** A network with values for its parameters. */
export interface Trial<Kind extends Network = RepeatNetwork> {
  readonly network: Kind;
  readonly values: readonly Float32Array[];
}

/** The notebook's model: hidden 128, one layer, sums of two numbers of three digits. */
export const NOTEBOOK: NetworkSize = {
  ...{ cell: "lstm", hiddenSize: 128, layers: 1 },
  ...{ inputLength: 7, outputLength: 4, sourceVocabularySize: 12, targetVocabularySize: 12 },
};

/** A model small enough for any test, with every form of input, and more symbols in sources. */
export const SMALL: NetworkSize = {
  ...{ cell: "lstm", hiddenSize: 5, layers: 2 },
  ...{ inputLength: 3, outputLength: 2, sourceVocabularySize: 9, targetVocabularySize: 7 },
};

/** The model whose step costs least, for tests of many steps; it has more symbols in targets. */
export const TINY: NetworkSize = {
  ...{ cell: "lstm", hiddenSize: 2, layers: 1 },
  ...{ inputLength: 1, outputLength: 1, sourceVocabularySize: 5, targetVocabularySize: 7 },
};

/** Adam with every part of it: decay, and clipping that changes the gradients of these tests. */
export const ADAM: AdamSettings = {
  name: "adam",
  ...{ beta1: 0.9, beta2: 0.99, epsilon: 1e-4 },
  ...{ weightDecay: 0.1, clipNorm: 0.1 },
};

/** Makes a network with values as of an initialiser, but with biases. */
export function makeTrial(size: NetworkSize, seed = 1): Trial {
  const network = describeTwoTables(size);
  return { network, values: makeValues(network, seed) };
}

/** Makes a network with attention, with values as of an initialiser, but with biases. */
export function makeAttentionTrial(size: AttentionSize, seed = 1): Trial<AttentionNetwork> {
  const network = describeAttention(size);
  return { network, values: makeValues(network, seed) };
}

/** Draws values of parameters as of an initialiser, but with biases. */
export function makeValues(network: Network, seed = 1): Float32Array[] {
  return network.parameters.map(({ name, shape }) => {
    const { nextFloat } = forkPrng(seed, name);
    const scale = shape.length === 1 ? 0.2 : Math.sqrt(3 / shape[0]!);
    const length = shape.reduce((a, b) => a * b, 1);
    return Float32Array.from({ length }, () => scale * (2 * nextFloat() - 1));
  });
}

/** Draws examples. */
export function makeExamples(network: Network, count: number, seed = 2): Examples {
  const { nextInt } = forkPrng(seed, "examples");
  const draw = (length: number, symbols: number): Uint8Array =>
    Uint8Array.from({ length: count * length }, () => nextInt(symbols));
  return {
    count,
    sources: draw(network.inputLength, network.sourceVocabularySize),
    targets: draw(network.outputLength, network.targetVocabularySize),
  };
}

/** Draws rows of examples, some of them repeatedly. */
export function drawRows(count: number, length: number, seed = 3): Uint32Array {
  const { nextInt } = forkPrng(seed, "rows");
  return Uint32Array.from({ length }, () => nextInt(count));
}

/** Takes steps of a plan until none is left, or as many as are wanted; gives the figures of all. */
export async function takeSteps(
  executor: Executor,
  plan: Omit<StepsPlan, "from" | "step" | "learningRate"> & Partial<StepsPlan>,
): Promise<BatchFigures[]> {
  const learningRate = (step: number): number => 0.01 / step;
  using steps = executor.begin({ from: 0, step: 0, learningRate, ...plan });
  const figures: BatchFigures[] = [];
  while (steps.left > 0) {
    steps.take();
    figures.push(...await steps.figures());
  }
  figures.push(...await steps.settle());
  return figures;
}
