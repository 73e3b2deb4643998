import { assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../src/backend/backend.ts";
import { dense } from "../../src/ops/dense/dense.ts";
import { denseReference } from "../../src/ops/dense/dense_reference.ts";
import { assertClose } from "../assert_close.ts";
import { computeAndDiscard, expectOnce, readAll, testOnBackends } from "../backends.ts";
import { spoilFreeMemory, waveTensor } from "./waves.ts";

const TOLERANCE = { relative: 1e-4, absolute: 1e-5 };

/** The tile is 8 rows by 4 columns. Sizes are equal to it, below, above, not a multiple of it, and 1; and deeper than a block of 512. */
const SIZES: readonly (readonly [B: number, T: number, I: number, V: number])[] = [
  [8, 1, 4, 4],
  [2, 4, 8, 8],
  [3, 1, 3, 3],
  [3, 3, 5, 5],
  [1, 1, 1, 1],
  [1, 2, 7, 13],
  [5, 7, 11, 12],
  [150, 4, 6, 9],
  [3, 2, 700, 3],
  [2, 2, 3, 601],
  [700, 3, 5, 7],
];

/** Gives the output, and gradients of a weighted sum of it. */
async function evaluate(
  layer: typeof dense,
  size: typeof SIZES[number],
): Promise<Float32Array[]> {
  computeAndDiscard(compute(layer, size, NaN)); // fills free memory with NaN, so that a read before a write shows
  return await readAll(compute(layer, size, 1));
}

function compute(
  layer: typeof dense,
  size: typeof SIZES[number],
  factor: number,
): tf.Tensor[] {
  const [B, T, I, V] = size;
  return tf.tidy(() => {
    const x = tf.mul(waveTensor([B, T, I], 1), factor);
    const inputs = [x, waveTensor([I, V], 2), waveTensor([V], 3)];
    const run = (...values: tf.Tensor[]): tf.Tensor3D =>
      layer(values[0] as tf.Tensor3D, values[1] as tf.Tensor2D, values[2] as tf.Tensor1D);
    const dy = waveTensor<tf.Rank.R3>([B, T, V], 4);
    spoilFreeMemory();
    const { value, grads } = tf.valueAndGrads(run)(inputs, dy);
    return [run(...inputs), value, ...grads];
  });
}

const expect = expectOnce((size: typeof SIZES[number]) => compute(denseReference, size, 1));

for (const size of SIZES) {
  testOnBackends(`dense() equals its reference for B, T, I, V = ${size.join(", ")}`, async () => {
    const expected = await expect(size);
    (await evaluate(dense, size)).forEach((values, i) => {
      const what = ["y", "y on tape", "dx", "dKernel", "dBias"][i]!;
      assertClose(values, expected[i]!, what, TOLERANCE);
    });
  });
}

Deno.test("dense() refuses a number of features that the kernel does not have", async () => {
  await selectBackend("cpu");
  tf.tidy(() => {
    const x = waveTensor<tf.Rank.R3>([1, 1, 3], 1);
    const [kernel, bias] = [waveTensor<tf.Rank.R2>([2, 4], 2), waveTensor<tf.Rank.R1>([4], 3)];
    assertThrows(() => dense(x, kernel, bias), TypeError, "but there are 3 and 4");
  });
});
