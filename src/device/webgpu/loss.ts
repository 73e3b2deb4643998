/** Softmax and cross-entropy of every character of a row, in WGSL. @module */
import { keptIndex, type KeptPlace } from "./kept_layout.ts";
import type { NetworkSizes } from "./network_sizes.ts";
import type { ShapeScope } from "./rows_scope.ts";

/** What the text of the loss knows. */
export interface LossScope extends ShapeScope {
  readonly sizes: NetworkSizes;
  /** Where the logits are kept. */
  readonly logits: KeptPlace;
  /**
   * In training, gives the number of positions of the batch that count, and the logits become their gradients; else they become
   * probabilities.
   */
  readonly batchCount?: string;
  /**
   * If not all positions of a target count: gives the number of those that do, of the row `number` of the workgroup. Those that count
   * are the first.
   */
  readonly counted?: (number: string) => string;
}

/**
 * Writes what a pass asks for of every position of a row.
 *
 *   p = softmax(logits);  loss = (1 - ε) · -log p[expected] + ε · mean over V of -log p
 *   dLogits = (p - oneHot(expected) + ε (oneHot(expected) - 1 / V)) / positions of the batch that count
 *
 * `results` gets a number as bits, the loss or, without a target, the probability of the answer; then the answer, plus 256 if it is
 * correct, plus 512 if the position counts. The answer is the first of the largest logits. The logits become their gradients in
 * training, else probabilities.
 */
export function writeLoss(scope: LossScope): string {
  const { shape, sizes, logits, batchCount } = scope;
  const { outputLength: T, characters: V } = sizes;
  return `
  for (var o = thread; o < ${T * shape.rows}u; o += THREADS) {
    let row = first + o / ${T}u;
    let t = o % ${T}u;
    let at = ${keptIndex(logits, "t", "row", "0u")};
    ${scope.counted === undefined ? "" : skipUncounted(scope, scope.counted)}
    ${writeSoftmax(V)}
    var value = 1.0 / sum;
    var expected = ${V}u;
    if (p.compares == 1u) {
      expected = character(example_of(row) + ${sizes.inputLength}u + t);
      value = log(sum) - (1.0 - p.smoothing) * (kept[at + expected] - largest) - p.smoothing * total / ${V}.0;
    }
    ${batchCount === undefined ? setProbabilities(V) : setGradients(V, batchCount)}
    if (row < count) {
      results[(p.slice_first + row) * ${T}u + t] =
        vec2u(bitcast<u32>(value), answer + select(512u, 768u, answer == expected));
    }
  }
  storageBarrier();`;
}

/** Writes the answer, and the sums of a softmax: of the logits at `at`, less the largest, `total`, and of their exponentials, `sum`. */
export function writeSoftmax(V: number): string {
  return `
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
    var total = 0.0;
    for (var v = 0u; v < ${V}u; v++) {
      sum += exp(kept[at + v] - largest);
      total += kept[at + v] - largest;
    }`;
}

/** Writes the probabilities of the logits at `at` over them. */
export function setProbabilities(V: number): string {
  return `
    for (var v = 0u; v < ${V}u; v++) {
      kept[at + v] = exp(kept[at + v] - largest) / sum;
    }`;
}

/** Writes the gradients of the logits: 0 for a row that only fills the workgroup. */
function setGradients(V: number, batchCount: string): string {
  return `
    let scale = select(0.0, 1.0 / f32(${batchCount}), row < count);
    for (var v = 0u; v < ${V}u; v++) {
      let one = select(0.0, 1.0, v == expected);
      let share = exp(kept[at + v] - largest) / sum - one + p.smoothing * (one - ${1 / V});
      kept[at + v] = scale * share;
    }`;
}

/** Writes zeros for a position that does not count. */
function skipUncounted(
  { sizes, batchCount }: LossScope,
  counted: NonNullable<LossScope["counted"]>,
): string {
  const T = sizes.outputLength;
  return `
    if (t >= ${counted(`(o / ${T}u)`)}) {
      ${
    batchCount !== undefined
      ? `
      for (var v = 0u; v < ${sizes.paddedCharacters}u; v++) {
        kept[at + v] = 0.0;
      }`
      : ""
  }
      if (row < count) {
        results[(p.slice_first + row) * ${T}u + t] = vec2u();
      }
      continue;
    }`;
}
