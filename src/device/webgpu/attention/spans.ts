/** Which positions of a workgroup's rows are not masked, in WGSL. @module */
import type { AttentionScope } from "./attention_scope.ts";

/** Declares what the threads find out together. */
export function declareSpans({ shape }: Pick<AttentionScope, "shape">): string {
  return `
var<workgroup> bounds: array<atomic<u32>, 2>;
var<workgroup> ends: array<atomic<u32>, ${shape.rows}>;
var<workgroup> shared_span: vec3u;`;
}

/**
 * Writes what sets `span`, so that positions at the sides that are masked in all rows cost nothing; and in `ends` the number of
 * positions of each row's target that count.
 */
export function writeSpans({ shape, sizes, pass }: AttentionScope): string {
  const { rows } = shape;
  const { inputLength: T, outputLength, sourcePadding, targetPadding } = sizes;
  const hasTargets = pass === "train" || pass === "measure";
  return `
  if (thread == 0u) {
    atomicStore(&bounds[0], ${T}u);
    atomicStore(&bounds[1], 0u);
    for (var i = 0u; i < ${rows}u; i++) {
      atomicStore(&ends[i], ${outputLength}u);
    }
  }
  workgroupBarrier();
  for (var o = thread; o < ${T * rows}u; o += THREADS) {
    let t = o % ${T}u;
    if (character(example_of(first + o / ${T}u) + t) != ${sourcePadding}u) {
      atomicMin(&bounds[0], t);
      atomicMax(&bounds[1], t + 1u);
    }
  }
  ${
    hasTargets
      ? `
  for (var o = thread; o < ${outputLength * rows}u; o += THREADS) {
    let t = o % ${outputLength}u;
    if (character(example_of(first + o / ${outputLength}u) + ${T}u + t) == ${targetPadding}u) {
      atomicMin(&ends[o / ${outputLength}u], t + 1u);
    }
  }`
      : ""
  }
  workgroupBarrier();
  if (thread == 0u) {
    let end = atomicLoad(&bounds[1]);
    var longest = 0u;
    for (var i = 0u; i < ${rows}u; i++) {
      longest = max(longest, atomicLoad(&ends[i]));
    }
    shared_span = vec3u(min(atomicLoad(&bounds[0]), end), end, longest);
  }
  let span = workgroupUniformLoad(&shared_span);`;
}
