import * as tf from "@tensorflow/tfjs";
import { type AdamUpdate, updateAdam } from "../../src/ops/adam/adam.ts";
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

/** One update of one value in float64, straight from the equations. */
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

testOnBackends(
  "updateAdam() clips by the norm of all gradients and decays matrices only",
  async () => {
    const matrix = {
      w: [0.5, -1, 2, 0.1],
      m: [0.1, 0, -0.2, 0.3],
      v: [0.2, 0.1, 0.3, 0.01],
      g: [3, -1, 0.5, 2],
    };
    const vector = { w: [1, -0.5], m: [0, 0.1], v: [0.05, 0.2], g: [-2, 0.25] };
    const norm = Math.hypot(...matrix.g, ...vector.g);
    const tensors = [{ ...matrix, shape: [2, 2] }, { ...vector, shape: [2] }].map((
      { w, m, v, g, shape },
    ) => ({
      parameter: tf.variable(tf.tensor(w, shape)),
      m: tf.variable(tf.tensor(m, shape)),
      v: tf.variable(tf.tensor(v, shape)),
      gradient: tf.tensor(g, shape),
    }));
    updateAdam(tensors, UPDATE);
    const found = [...await tensors[0]!.parameter.data(), ...await tensors[1]!.parameter.data()];
    tensors.forEach((each) => tf.dispose(Object.values(each)));
    const expected = [matrix, vector].flatMap(({ w, m, v, g }, i) =>
      w.map((_, j) =>
        updateValue({ w: w[j]!, m: m[j]!, v: v[j]!, g: g[j]! }, 0.5 / norm, i === 0 ? 0.1 : 0)
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
