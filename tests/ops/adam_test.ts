import * as tf from "@tensorflow/tfjs";
import { updateAdam } from "../../src/ops/adam/adam.ts";
import type { AdamUpdate } from "../../src/ops/adam/adam_update.ts";
import { assertClose } from "../assert_close.ts";
import { testOnBackends } from "../backends.ts";

const UPDATE: AdamUpdate = {
  step: 3,
  learningRate: 0.02,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-7,
  weightDecay: 0.1,
  clipNorm: 0.5,
};

/** Updates one value in float64, by the equations. */
function updateValue(
  value: { w: number; m: number; v: number; g: number },
  factor: number,
  decay: number,
): number {
  const g = value.g * factor;
  const m = 0.9 * value.m + 0.1 * g;
  const v = 0.99 * value.v + 0.01 * g * g;
  const alpha = 0.02 * Math.sqrt(1 - 0.99 ** 3) / (1 - 0.9 ** 3);
  return value.w - 0.02 * decay * value.w - alpha * m / (Math.sqrt(v) + 1e-7);
}

/** A matrix and seven vectors: the number of tensors of a model. */
const PARTS = [0, 1, 2, 3, 4, 5, 6, 7].map((k) => {
  const shape = k === 0 ? [2, 2] : [2];
  const fill = (n: number): number[] =>
    Array.from({ length: k === 0 ? 4 : 2 }, (_, i) => Math.sin(1 + 3 * k + n + 5 * i));
  return { shape, w: fill(0), m: fill(1), v: fill(2).map((x) => x * x), g: fill(3) };
});

testOnBackends(
  "updateAdam() clips by the norm of all gradients and decays matrices only",
  async () => {
    const norm = Math.hypot(...PARTS.flatMap(({ g }) => g));
    const tensors = PARTS.map(({ w, m, v, g, shape }) => ({
      parameter: tf.variable(tf.tensor(w, shape)),
      m: tf.variable(tf.tensor(m, shape)),
      v: tf.variable(tf.tensor(v, shape)),
      gradient: tf.tensor(g, shape),
    }));
    updateAdam(tensors, UPDATE);
    const found: number[] = [];
    for (const { parameter } of tensors) found.push(...await parameter.data());
    tensors.forEach((each) => tf.dispose(Object.values(each)));
    const expected = PARTS.flatMap(({ shape, w, m, v, g }) =>
      w.map((_, j) =>
        updateValue(
          { w: w[j]!, m: m[j]!, v: v[j]!, g: g[j]! },
          0.5 / norm,
          shape.length === 2 ? 0.1 : 0,
        )
      )
    );
    assertClose(found, expected, "parameters");
  },
);

testOnBackends("updateAdam() leaves gradients below the norm as they are", async () => {
  const make = (): tf.Variable => tf.variable(tf.tensor1d([0]));
  const tensors = { parameter: make(), m: make(), v: make(), gradient: tf.tensor1d([0.25]) };
  updateAdam([tensors], { ...UPDATE, step: 1 });
  const found = await tensors.m.data();
  tf.dispose(Object.values(tensors));
  assertClose(found, [0.025], "first moment");
});
