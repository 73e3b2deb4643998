/**
 * Checkpoints and runs: saves trainings so that they can be continued, and reads what was saved.
 *
 * A run is a directory; a checkpoint is one safetensors file, with which a training continues bit for bit. `loadModel()` of the
 * package's main module reads both. Reading and writing files needs permission; `encodeCheckpoint()` and `decodeCheckpoint()` work on
 * bytes and need none.
 *
 * @example Save a model that was fitted to pairs after every epoch, and load it
 * ```ts
 * import { fit, loadModel, predict } from "@carry/seq2seq";
 * import { openRun, saveToRun, takeCheckpoint } from "@carry/seq2seq/checkpoint";
 *
 * const path = await Deno.makeTempDir();
 * const pairs = Array.from({ length: 50 }, (_, i) => ({ question: `${i}`, answer: `${2 * i}` }));
 * {
 *   using run = await openRun(path);
 *   using _fitted = await fit(pairs, {
 *     ...{ hiddenSize: 8, epochs: 2 },
 *     async onEvent(event, { training, problem }) {
 *       if (event.event === "epoch") await saveToRun(run, await takeCheckpoint(training, problem));
 *     },
 *   });
 * }
 * using model = await loadModel(path);
 * console.log((await predict(model, ["21"]))[0]!.answer);
 * await Deno.remove(path, { recursive: true });
 * ```
 *
 * @module
 */
export {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "./src/checkpoint/checkpoint.ts";
export type { CheckpointState } from "./src/checkpoint/checkpoint_state.ts";
export { takeCheckpoint } from "./src/checkpoint/take_checkpoint.ts";
export { createNumberedRun, openRun, type OpenRunOptions } from "./src/checkpoint/run_directory.ts";
export { type CheckpointChoice, type FoundCheckpoint, readRun } from "./src/checkpoint/read_run.ts";
export { type RunDirectory, type SaveOptions, saveToRun } from "./src/checkpoint/run_files.ts";
export type { FileSystem, NewFile, ReadableFile } from "./src/checkpoint/file_system.ts";
export { loadModel, type LoadModelOptions } from "./src/checkpoint/load_model.ts";
export type { SavedTraining } from "./src/training/training.ts";
export type { TrainingProgress } from "./src/training/progress.ts";
export type { NamedTensor } from "./src/network/parameters.ts";
