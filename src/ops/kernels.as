/**
 * The compute kernels of the CPU in one module of AssemblyScript. `deno task build` compiles it with relaxed SIMD and without.
 *
 * Every exported kernel is called as `kernel(args, task)`: `args` is the address of a struct of 32-bit fields, `task` the number of an
 * independent part of the work. The result of a task does not depend on which thread runs it, or when.
 */
export { packColumns, packTransposed } from "./matmul/pack";
export { packRows } from "./matmul/pack_rows";
export { multiplyPanels } from "./matmul/product";
export { sumPanelRows } from "./matmul/sum_rows";
export { writeConstants } from "./activation/constants";
export { applyActivation } from "./activation/apply";
export { addFirstRows, scatterRows } from "./recurrent/scatter";
export { sumByFirstCharacter } from "./recurrent/first_step";
export { lstmForward, lstmBackward } from "./lstm/lstm";
export { gruForward, gruBackward } from "./gru/gru";
export { simpleForward, simpleBackward } from "./simple_rnn/simple_rnn";
export { denseForward, denseBackward } from "./dense/dense";
export { crossEntropy, scaleValues } from "./softmax_cross_entropy/softmax_cross_entropy";
export { sumSquares, updateParameters } from "./adam/adam";
export { orthonormalizeRows, reduceRows } from "./orthonormal/orthonormal";
