/** The golden values made by real Keras 3, and the formula for their weights (tests/vectors/keras_vectors.py). @module */
import type { Examples } from "../src/device/executor.ts";
import type { Cell } from "../src/network/config.ts";
import type { NamedTensor } from "../src/network/parameters.ts";
import type { Network } from "../src/network/network.ts";
import { describeTwoTables } from "./describe_two_tables.ts";

/** One file of golden values, as keras_vectors.py writes it. */
export interface GoldenVector {
  readonly cell: string;
  readonly inputLength: number;
  readonly outputLength: number;
  readonly sourceVocabularySize: number;
  readonly targetVocabularySize: number;
  readonly hiddenSize: number;
  readonly decoderLayers: number;
  readonly batchSize: number;
  readonly phase: number;
  readonly x: readonly (readonly number[])[];
  readonly y: readonly (readonly number[])[];
  readonly probabilities: readonly (readonly (readonly number[])[])[];
  readonly loss: number;
  readonly gradients: readonly (readonly number[])[];
  readonly adam: {
    readonly learningRate: number;
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
    readonly lossBeforeStep: readonly number[];
    readonly weightsAfter5Steps: readonly (readonly number[])[];
  };
}

/** The vector's network. */
export function networkOf(vector: GoldenVector): Network {
  const { inputLength, outputLength, sourceVocabularySize, targetVocabularySize } = vector;
  return describeTwoTables({
    ...{ cell: vector.cell as Cell, hiddenSize: vector.hiddenSize, layers: vector.decoderLayers },
    ...{ inputLength, outputLength, sourceVocabularySize, targetVocabularySize },
  });
}

/** scale · cos(phase + 0.7 k + 1.3 n) for the n-th value of the k-th tensor. */
export function parametersOf(vector: GoldenVector): NamedTensor[] {
  return networkOf(vector).parameters.map(({ name, shape }, k) => {
    const scale = shape.length === 1 ? 0.1 : 1 / Math.sqrt(shape[0]!);
    const values = Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      (_, n) => scale * Math.cos(vector.phase + 0.7 * k + 1.3 * n),
    );
    return { name, shape, values };
  });
}

/** The vector's one batch. */
export function examplesOf(vector: GoldenVector): Examples {
  return {
    count: vector.batchSize,
    sources: Uint8Array.from(vector.x.flat()),
    targets: Uint8Array.from(vector.y.flat()),
  };
}
