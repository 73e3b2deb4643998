import * as tf from "@tensorflow/tfjs";
import { assert } from "@std/assert";
import { selectBackend } from "../../src/backend/backend.ts";
import type { Batch } from "../../src/dataset/batches.ts";
import { CELLS, type ModelConfig } from "../../src/network/config.ts";
import { createModel } from "../../src/model/create_model.ts";
import { describeLayers } from "../../src/network/layers.ts";
import { differentiate } from "../../src/training/optimizer.ts";
import { advance, crossEntropy, type Matrix, multiply, type Weights64 } from "./float64_network.ts";
import { waves } from "./waves.ts";

/** Half the distance of the two points of a central difference, whose own error is about 1e-9. */
const EPSILON = 1e-5;

const BATCH: Batch = {
  size: 3,
  sources: Int32Array.of(0, 3, 1, 4, 2, 2, 1, 0, 3),
  targets: Int32Array.of(1, 4, 0, 2, 3, 3),
};

/** Makes a model with every form of input: the encoder reads indices, the first decoder a repeated vector, the second a sequence. */
function configOf(cell: ModelConfig["cell"]): ModelConfig {
  return {
    cell,
    hiddenSize: 5,
    layers: 2,
    inputLength: 3,
    outputLength: 2,
    characters: "abcde",
    reverse: false,
  };
}

function asMatrix(values: ArrayLike<number>, columns: number): Matrix {
  return Array.from(
    { length: values.length / columns },
    (_, row) => Array.from({ length: columns }, (_, column) => values[row * columns + column]!),
  );
}

/** Computes the batch's loss in float64. */
function lossOf(config: ModelConfig, parameters: readonly Float64Array[]): number {
  const { cell, hiddenSize: H, inputLength, outputLength } = config;
  const width = parameters[2]!.length;
  const layer = (i: number): Weights64 => ({
    kernel: asMatrix(parameters[3 * i]!, width),
    recurrentKernel: asMatrix(parameters[3 * i + 1]!, width),
    bias: Array.from(parameters[3 * i + 2]!),
  });
  const V = parameters.at(-1)!.length;
  let sum = 0;
  for (let b = 0; b < BATCH.size; b++) {
    const oneHot = Array.from(
      { length: inputLength },
      (_, t) =>
        Array.from({ length: V }, (_, v) => Number(v === BATCH.sources[b * inputLength + t])),
    );
    const encoded = advance(cell, oneHot, layer(0)).at(-1)!;
    const decoded = advance(cell, new Array(outputLength).fill(encoded), layer(1));
    advance(cell, decoded, layer(2)).forEach((h, t) => {
      const logits = multiply(h, asMatrix(parameters.at(-2)!, V), Array.from(parameters.at(-1)!));
      assert(h.length === H);
      sum += crossEntropy(logits, BATCH.targets[b * outputLength + t]!);
    });
  }
  return sum / (BATCH.size * outputLength);
}

for (const cell of CELLS) {
  Deno.test(`differentiate() of ${cell} equals central differences in float64`, async () => {
    await selectBackend("cpu");
    const config = configOf(cell);
    const shapes = describeLayers(config).flatMap((layer) => layer.parameters);
    const values = shapes.map(({ name, shape }, i) => ({
      name,
      shape,
      values: waves(shape.reduce((a, b) => a * b, 1), i, 0.8),
    }));
    using model = await createModel(config, { parameters: values });
    const { figures, gradients } = differentiate(model, BATCH);
    const parameters = values.map(({ values }) => Float64Array.from(values));
    parameters.forEach((parameter, i) => {
      const gradient = gradients[i]!.dataSync();
      parameter.forEach((value, n) => {
        parameter[n] = value + EPSILON;
        const above = lossOf(config, parameters);
        parameter[n] = value - EPSILON;
        const below = lossOf(config, parameters);
        parameter[n] = value;
        const expected = (above - below) / (2 * EPSILON);
        const off = Math.abs(gradient[n]! - expected);
        assert(
          off <= 1e-6 + 1e-4 * Math.abs(expected),
          `${shapes[i]!.name}[${n}]: expected ${expected}, found ${gradient[n]}`,
        );
      });
    });
    tf.dispose([figures, ...gradients]);
  });
}
