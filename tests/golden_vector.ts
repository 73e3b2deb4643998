/** The golden values made by real Keras 3, and the formula for their weights (tests/vectors/keras_vectors.py). @module */
import type { Batch } from "../src/dataset/batches.ts";
import type { Examples } from "../src/device/executor.ts";
import type { Cell, ModelConfig } from "../src/network/config.ts";
import type { NamedTensor } from "../src/network/parameters.ts";
import { describeLayers } from "../src/network/layers.ts";

/** One file of golden values, as keras_vectors.py writes it. */
export interface GoldenVector {
  readonly cell: string;
  readonly inputLength: number;
  readonly outputLength: number;
  readonly vocabularySize: number;
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

/** The shape of the vector's model; V characters from "a" on stand for its vocabulary. */
export function configOf(vector: GoldenVector): ModelConfig {
  return {
    cell: vector.cell as Cell,
    hiddenSize: vector.hiddenSize,
    layers: vector.decoderLayers,
    inputLength: vector.inputLength,
    outputLength: vector.outputLength,
    characters: String.fromCodePoint(
      ...Array.from({ length: vector.vocabularySize }, (_, i) => 97 + i),
    ),
    reverse: false,
  };
}

/** scale · cos(phase + 0.7 k + 1.3 n) for the n-th value of the k-th tensor. */
export function parametersOf(vector: GoldenVector): NamedTensor[] {
  const shapes = describeLayers(configOf(vector)).flatMap((layer) => layer.parameters);
  return shapes.map(({ name, shape }, k) => {
    const scale = shape.length === 1 ? 0.1 : 1 / Math.sqrt(shape[0]!);
    const values = Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      (_, n) => scale * Math.cos(vector.phase + 0.7 * k + 1.3 * n),
    );
    return { name, shape, values };
  });
}

/** The vector's one batch. */
export function batchOf(vector: GoldenVector): Batch {
  return {
    size: vector.batchSize,
    sources: Int32Array.from(vector.x.flat()),
    targets: Int32Array.from(vector.y.flat()),
  };
}

/** The vector's one batch as examples. */
export function examplesOf(vector: GoldenVector): Examples {
  return {
    count: vector.batchSize,
    sources: Uint8Array.from(vector.x.flat()),
    targets: Uint8Array.from(vector.y.flat()),
  };
}
