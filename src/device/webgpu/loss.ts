/** Softmax and cross-entropy of every character of a row, in WGSL. @module */
import { keptIndex } from "./kept_layout.ts";
import type { RowsScope } from "./rows_scope.ts";

/**
 * Writes what a pass asks for of every position of a row.
 *
 *   p = softmax(logits);  loss = -log p[expected];  dLogits = (p - oneHot(expected)) / (rows of the batch · T_out)
 *
 * `results` gets a number as bits, the loss or, without a target, the probability of the answer; then the answer, plus 256 if it is
 * correct. The answer is the first of the largest logits. The logits become their gradients in training, else probabilities.
 */
export function writeLoss(scope: RowsScope): string {
  const { shape, sizes, kept, pass } = scope;
  const { outputLength: T, characters: V } = sizes;
  const logits = kept.layers.at(-1)!.gradients!;
  return `
  for (var o = thread; o < ${T * shape.rows}u; o += THREADS) {
    let row = first + o / ${T}u;
    let t = o % ${T}u;
    let at = ${keptIndex(logits, "t", "row", "0u")};
    var largest = kept[at];
    var answer = 0u;
    for (var v = 1u; v < ${V}u; v++) {
      let logit = kept[at + v];
      if (logit > largest) {
        largest = logit;
        answer = v;
      }
    }
    var sum = 0.0;
    for (var v = 0u; v < ${V}u; v++) {
      sum += exp(kept[at + v] - largest);
    }
    var value = 1.0 / sum;
    var expected = ${V}u;
    if (p.compares == 1u) {
      expected = character(example_of(row) + ${sizes.inputLength}u + t);
      value = log(sum) - (kept[at + expected] - largest);
    }
    ${pass === "train" ? setGradients(sizes) : setProbabilities(V)}
    if (row < count) {
      results[(p.slice_first + row) * ${T}u + t] =
        vec2u(bitcast<u32>(value), answer + select(0u, 256u, answer == expected));
    }
  }
  storageBarrier();`;
}

function setProbabilities(V: number): string {
  return `
    for (var v = 0u; v < ${V}u; v++) {
      kept[at + v] = exp(kept[at + v] - largest) / sum;
    }`;
}

/** Writes the gradients of the logits: 0 for a row that only fills the workgroup. */
function setGradients({ outputLength, characters: V }: RowsScope["sizes"]): string {
  return `
    let scale = select(0.0, 1.0 / f32(batch_rows * ${outputLength}u), row < count);
    for (var v = 0u; v < ${V}u; v++) {
      let share = exp(kept[at + v] - largest) / sum - select(0.0, 1.0, v == expected);
      kept[at + v] = scale * share;
    }`;
}
