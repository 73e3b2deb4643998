/** Tests whether a tfjs backend computes: some give zeros, and zero gradients, without an error. @module */
import * as tf from "@tensorflow/tfjs";

/** Largest difference from the `cpu` backend that rounding explains, for values near 1. */
const TOLERANCE = 1e-4;

/**
 * Runs a tiny recurrent step forward and back on a backend and compares every value with the `cpu` backend's.
 *
 * The backend is still set afterwards; the caller sets the one to continue with.
 *
 * @returns what went wrong, or undefined if nothing did
 */
export async function testBackend(name: string): Promise<string | undefined> {
  await tf.setBackend("cpu");
  const expected = await computeProbe();
  if (!await tf.setBackend(name)) return `the backend "${name}" could not be started`;
  await tf.ready();
  const found = await computeProbe();
  const worst = expected.reduce((most, value, i) => {
    const difference = Math.abs(value - found[i]!);
    return difference > most || Number.isNaN(difference) ? difference : most;
  }, 0);
  if (worst <= TOLERANCE) return undefined;
  return `its results are wrong: a gradient or probability is off by ${worst}`;
}

/** Probabilities and gradients of two steps of a small recurrence, as one list. */
async function computeProbe(): Promise<number[]> {
  const results = tf.tidy(() => {
    const kernel = tf.tensor2d([0.5, -0.3, 0.8, 0.1, -0.6, 0.4], [3, 2]);
    const recurrent = tf.tensor2d([0.7, -0.2, 0.3, 0.9], [2, 2]);
    const inputs = [tf.oneHot(tf.tensor1d([0, 2], "int32"), 3), tf.oneHot([1, 1], 3)];
    const run = (w: tf.Tensor, u: tf.Tensor): tf.Tensor => {
      let h: tf.Tensor = tf.zeros([2, 2]);
      for (const x of inputs) {
        h = tf.mul(tf.sigmoid(tf.matMul(x, w)), tf.tanh(tf.add(tf.matMul(h, u), tf.matMul(x, w))));
      }
      return tf.logSoftmax(h);
    };
    const gradients = tf.grads((w, u) => tf.mean(tf.square(run(w!, u!))))([kernel, recurrent]);
    return [run(kernel, recurrent), ...gradients];
  });
  const values = await Promise.all(results.map((result) => result.data()));
  tf.dispose(results);
  return values.flatMap((each) => Array.from(each));
}
