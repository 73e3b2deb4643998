/**
 * For notebooks with Deno's Jupyter kernel: a training that is watched while it runs, and the summary of a model as a table.
 *
 * Models, trainings, histories, evaluations, answers and attentions need nothing of this module: as the last expression of a cell, or
 * given to `Deno.jupyter.display`, each shows itself as a picture or a table. The command `notebook` writes a notebook that does so.
 *
 * @example A model shows itself
 * ```ts
 * import { characterLayout, chooseDevice, createModel } from "@carry/seq2seq";
 * import { DISPLAY, type Displayed } from "@carry/seq2seq/notebook";
 * import { assertStringIncludes } from "@std/assert";
 *
 * using model = await createModel({
 *   cell: "lstm", hiddenSize: 8, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 7, outputLength: 4, reverse: true }),
 * }, { device: await chooseDevice("cpu") });
 * const shown = await (model as unknown as Displayed)[DISPLAY](); // what the kernel does
 * assertStringIncludes(shown["image/svg+xml"]!, "<svg ");
 * ```
 *
 * @module
 */
export { DISPLAY, type Displayed, type MediaBundle } from "./src/display/display.ts";
export {
  createLiveProgress,
  type DisplayFunction,
  type LiveProgress,
  type LiveProgressOptions,
} from "./src/notebook/live_progress.ts";
export { showSummary } from "./src/notebook/show_model.ts";
