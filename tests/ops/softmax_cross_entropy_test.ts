import * as tf from "@tensorflow/tfjs";
import { softmaxCrossEntropy } from "../../src/ops/softmax_cross_entropy/softmax_cross_entropy.ts";
import { assertClose } from "../assert_close.ts";
import { testOnBackends } from "../backends.ts";

const SHAPE: [number, number, number] = [3, 2, 5];
const logits = Float64Array.from({ length: 30 }, (_, i) => 3 * Math.sin(1.7 * i));
const targets = [0, 4, 2, 2, 1, 3];

/** Computes the mean cross-entropy in float64, by its definition. */
function lossOf(values: Float64Array): number {
  let loss = 0;
  for (let row = 0; row < 6; row++) {
    const z = values.subarray(5 * row, 5 * row + 5);
    loss += Math.log(z.reduce((sum, x) => sum + Math.exp(x), 0)) - z[targets[row]!]!;
  }
  return loss / 6;
}

async function measure(values: ArrayLike<number>): Promise<[Float32Array, Float32Array]> {
  const y = tf.tensor2d(targets, [3, 2], "int32");
  const z = tf.tensor(Array.from(values), SHAPE);
  const dy = tf.tensor1d([1, 0, 0]);
  const { value, grad } = tf.valueAndGrad((x) => softmaxCrossEntropy(x as tf.Tensor3D, y))(z, dy);
  const read = [await value.data(), await grad.data()] as [Float32Array, Float32Array];
  tf.dispose([y, z, dy, value, grad]);
  return read;
}

testOnBackends("softmaxCrossEntropy() gives the loss of the definition", async () => {
  const [figures] = await measure(logits);
  assertClose(figures.subarray(0, 1), [lossOf(logits)], "loss");
});

testOnBackends("softmaxCrossEntropy() gives the gradient of central differences", async () => {
  const [, gradient] = await measure(logits);
  const step = 1e-5;
  const differences = Array.from(logits, (_, i) => {
    const at = (shift: number): number =>
      lossOf(logits.map((value, j) => i === j ? value + shift : value));
    return (at(step) - at(-step)) / (2 * step);
  });
  assertClose(gradient, differences, "gradient");
});

testOnBackends("softmaxCrossEntropy() counts correct characters and correct examples", async () => {
  const values = new Float32Array(30);
  targets.forEach((target, row) => values[5 * row + (row === 3 ? (target + 1) % 5 : target)] = 2);
  const [figures] = await measure(values);
  assertClose(figures.subarray(1), [5 / 6, 2 / 3], "accuracies");
});

testOnBackends("softmaxCrossEntropy() is stable for logits of a thousand", async () => {
  const [figures, gradient] = await measure(
    Float32Array.from({ length: 30 }, (_, i) => i % 5 % 2 === 0 ? 1000 : -1000),
  );
  // every row is 1000, -1000, 1000, -1000, 1000: a target with logit 1000 costs log 3, another one 2000 more
  const troughs = targets.filter((target) => target % 2 === 1).length;
  assertClose(figures.subarray(0, 1), [Math.log(3) + 2000 * troughs / 6], "loss");
  const expected = targets.flatMap((target) =>
    [0, 1, 2, 3, 4].map((k) => ((k % 2 === 0 ? 1 / 3 : 0) - (k === target ? 1 : 0)) / 6)
  );
  assertClose(gradient, expected, "gradient");
});
