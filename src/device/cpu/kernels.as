/**
 * The compute kernels of the CPU in one module of AssemblyScript. `deno task build` compiles it with relaxed SIMD and without.
 *
 * Every exported kernel is called as `kernel(args, task, self)`: `args` is the address of a struct (structs.ts), `task` the number of an
 * independent part of the work, `self` the number of the thread. The result of a task does not depend on which thread runs it, or when.
 */
export { writeConstants } from "./activation/constants";
export { applyActivation } from "./activation/apply";
export { multiplyPanels } from "./matmul/product";
export { firstStepForward, firstStepBackward, sumCarried } from "./recurrent/first_step";
export { scatterRows, sumKernelRows } from "./recurrent/scatter";
export { passRows } from "./rows";
export { passAttentionRows } from "./attention/rows";
export { answerAttentionRows } from "./attention/answer";
export { encodeSources, stepHypotheses } from "./attention/hypotheses";
export { sumSquares, updateParameters } from "./adam";
export { packWeights } from "./pack_weights";
export { orthonormalizeRows, reduceRows } from "./orthonormal/orthonormal";
