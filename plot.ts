/**
 * Pictures: a model's layers with their shapes, the curves of trainings, and the attention of answers, as SVG or PNG.
 *
 * @example Draw a model, and the curves of a training
 * ```ts
 * import { characterLayout } from "@carry/seq2seq";
 * import { drawCurves, drawModel } from "@carry/seq2seq/plot";
 * import { assertMatch } from "@std/assert";
 *
 * const svg = drawModel({
 *   cell: "lstm", hiddenSize: 128, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 7, outputLength: 4, reverse: true }),
 * });
 * assertMatch(svg, /<svg /);
 *
 * const epoch = { step: 7, elapsedMs: 100, loss: 1.2, validationLoss: 1.1, characterAccuracy: 0.6 };
 * const history = [{ ...epoch, epoch: 1, exactMatch: 0.1 }, { ...epoch, epoch: 2, exactMatch: 0.3 }];
 * assertMatch(drawCurves([{ name: "first run", history }]), /<svg /);
 * ```
 *
 * @module
 */
export { drawAttention } from "./src/plot/attention.ts";
export type { AnswerAttention } from "./src/model/answer_attention.ts";
export { drawGroups, type GroupedAssessment } from "./src/plot/groups.ts";
export { drawModel } from "./src/plot/picture.ts";
export { renderPng } from "./src/plot/png.ts";
export { drawCurves } from "./src/plot/curves.ts";
export type { CurvesRun } from "./src/plot/curves_run.ts";
