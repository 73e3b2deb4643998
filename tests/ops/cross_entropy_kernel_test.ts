import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { softmaxCrossEntropy } from "../../src/ops/softmax_cross_entropy/softmax_cross_entropy.ts";
import { softmaxCrossEntropyReference } from "../../src/ops/softmax_cross_entropy/softmax_cross_entropy_reference.ts";
import { assertClose } from "../assert_close.ts";
import { computeAndDiscard, expectOnce, readAll, testOnBackends } from "../backends.ts";
import { spoilFreeMemory, waveIndices, waveTensor } from "./waves.ts";

const SIZES: readonly (readonly [B: number, T: number, V: number])[] = [
  [8, 4, 4],
  [4, 2, 8],
  [2, 3, 3],
  [1, 1, 2],
  [5, 7, 13],
  [300, 4, 12],
  [3, 300, 5],
];

/** Gives the figures, and the gradient of half the loss. */
async function evaluate(
  op: typeof softmaxCrossEntropy,
  size: typeof SIZES[number],
): Promise<Float32Array[]> {
  computeAndDiscard(compute(op, size, NaN)); // fills free memory with NaN, so that a read before a write shows
  return await readAll(compute(op, size, 1));
}

function compute(
  op: typeof softmaxCrossEntropy,
  size: typeof SIZES[number],
  factor: number,
): tf.Tensor[] {
  const [B, T, V] = size;
  return tf.tidy(() => {
    const logits: tf.Tensor3D = tf.mul(waveTensor<tf.Rank.R3>([B, T, V], 1, 6), factor);
    const targets = waveIndices([B, T], V);
    const run = (z: tf.Tensor): tf.Tensor => op(z as tf.Tensor3D, targets);
    const dy = tf.tensor1d([0.5, 0, 0]);
    spoilFreeMemory();
    const { value, grad } = tf.valueAndGrad(run)(logits, dy);
    return [run(logits), value, grad];
  });
}

const expect = expectOnce((size: typeof SIZES[number]) =>
  compute(softmaxCrossEntropyReference, size, 1)
);

for (const size of SIZES) {
  testOnBackends(
    `softmaxCrossEntropy() equals its reference for B, T, V = ${size.join(", ")}`,
    async () => {
      const expected = await expect(size);
      (await evaluate(softmaxCrossEntropy, size)).forEach((values, i) => {
        assertClose(values, expected[i]!, ["figures", "figures on tape", "dLogits"][i]!);
      });
    },
  );
}

testOnBackends(
  "softmaxCrossEntropy() stays finite for logits of a thousand, and gives NaN for NaN",
  async () => {
    const targets = tf.tensor2d([[1, 0]], [1, 2], "int32");
    const large = tf.tensor3d([1000, -1000, 0, 1000, -1000, 0], [1, 2, 3]);
    const broken = tf.tensor3d([NaN, 1, 0, 1, 2, 3], [1, 2, 3]);
    const [figures, loss] = await readAll([
      softmaxCrossEntropy(large, targets),
      softmaxCrossEntropy(broken, targets),
    ]);
    tf.dispose([targets, large, broken]);
    assertClose(figures!, [1000, 0.5, 0], "figures");
    assert(Number.isNaN(loss![0]));
  },
);

testOnBackends(
  "softmaxCrossEntropy() counts the first of equal logits as the answer, as argMax does",
  async () => {
    const logits = tf.tensor3d([1, 1, 1, 1], [1, 2, 2]);
    const targets = tf.tensor2d([[0, 1]], [1, 2], "int32");
    const [figures] = await readAll([softmaxCrossEntropy(logits, targets)]);
    tf.dispose([logits, targets]);
    assertEquals(figures![1], 0.5);
  },
);

testOnBackends(
  "softmaxCrossEntropy() refuses targets out of range or of another shape",
  async () => {
    await tf.ready();
    tf.tidy(() => {
      const logits = waveTensor<tf.Rank.R3>([1, 2, 3], 1);
      const high = tf.tensor2d([[0, 3]], [1, 2], "int32");
      assertThrows(() => softmaxCrossEntropy(logits, high), RangeError, "but one is 3");
      const long = tf.tensor2d([[0, 1, 2]], [1, 3], "int32");
      assertThrows(() => softmaxCrossEntropy(logits, long), TypeError, "but have (1, 3)");
    });
  },
);
