import { assert } from "@std/assert";
import type { Device } from "../../src/device/executor.ts";
import { CELLS } from "../../src/network/config.ts";
import {
  type AttentionSize,
  makePaddedExamples,
  SMALL_ATTENTION,
  TINY_ATTENTION,
} from "../describe_attention.ts";
import { testOnEveryDevice } from "../devices.ts";
import { assertGradient, differentiateCentrally } from "./central_differences.ts";
import type { StepRegularization } from "../../src/device/executor.ts";
import { attentionLossOf } from "./float64_attention.ts";
import { drawRows, makeAttentionTrial } from "./trial.ts";

async function testGradient(
  device: Device,
  size: AttentionSize,
  regularization?: StepRegularization,
): Promise<void> {
  const { network, values } = makeAttentionTrial(size);
  const examples = makePaddedExamples(network, 12);
  const rows = drawRows(examples.count, 9);
  using executor = await device.load(network, values);
  using held = executor.hold(examples);
  const { figures, gradients } = await executor.differentiate(held, rows, regularization);
  const lossAt = (parameters: readonly number[][]): number =>
    attentionLossOf(network, parameters, examples, rows, regularization);
  const loss = lossAt(values.map((each) => Array.from(each)));
  assert(Math.abs(figures.loss - loss) < 1e-5, `the loss is ${loss}, found ${figures.loss}`);
  const key = JSON.stringify([network, regularization]);
  assertGradient(network, gradients, differentiateCentrally(key, values, lossAt));
}

const SIZES: Readonly<Record<string, AttentionSize>> = {
  "two layers of every kind": { ...SMALL_ATTENTION, hiddenSize: 4, embeddingSize: 3 },
  "one direction": { ...SMALL_ATTENTION, bidirectional: false, hiddenSize: 3, embeddingSize: 2 },
  "no padding": { ...SMALL_ATTENTION, padded: false, layers: 1, hiddenSize: 4, embeddingSize: 2 },
  "one time step": { ...TINY_ATTENTION, inputLength: 1, outputLength: 1 },
};

for (const cell of CELLS) {
  for (const [what, size] of Object.entries(SIZES)) {
    testOnEveryDevice(
      `differentiate() of attention equals central differences in float64: ${cell}, ${what}`,
      (device) => testGradient(device, { ...size, cell }),
    );
  }
  testOnEveryDevice(
    `differentiate() with dropout and label smoothing equals central differences in float64: ${cell}`,
    (device) =>
      testGradient(
        device,
        { ...SMALL_ATTENTION, cell, hiddenSize: 4, embeddingSize: 3 },
        { dropout: 0.4, seed: 3_000_000_000, labelSmoothing: 0.2, step: 5 },
      ),
  );
}
