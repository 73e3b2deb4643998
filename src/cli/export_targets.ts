/** The formats of `export`, one entry each. What a format needs is loaded when it is chosen. @module */
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { Examples } from "../interop/examples.ts";
import { checkValue } from "../arguments/resolve_options.ts";
import { readNumber } from "../arguments/setting.ts";
import { findNewestRun } from "../checkpoint/run_directory.ts";
import { readEnsemble } from "../checkpoint/ensemble_file.ts";
import { type CheckpointChoice, readRun } from "../checkpoint/read_run.ts";
import { TRAINING_SETTINGS } from "../training/options.ts";
import { RUN_OPTION, WEIGHTS_OPTION } from "./command.ts";
import { type OptionSpec, readTyped, type TypedOptions } from "./options.ts";
import { printError } from "./terminal.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** What all formats of an export have. */
interface Target<Content> {
  /** What it is, in a few words for help texts. */
  readonly help: string;
  /** The options that it takes. */
  readonly options: readonly string[];
  /** Checks everything that was typed, and gives what makes the content. */
  plan(typed: TypedOptions): Promise<() => Content | Promise<Content>>;
  /** Programs that use what is written; undefined if it needs none. */
  readonly examples?: () => Promise<Examples>;
}

/** A format that is a file. */
export interface FileTarget extends Target<Uint8Array<ArrayBuffer>> {
  readonly is: "file";
  /** The endings that its name may have. */
  readonly endings: readonly string[];
}

/** A format that is a folder: files by their names. */
export interface FolderTarget extends Target<ReadonlyMap<string, Uint8Array>> {
  readonly is: "folder";
}

/** A format of an export. */
export type ExportTarget = FileTarget | FolderTarget;

/** The name of a format. */
export type TargetName =
  | "page"
  | "playground"
  | "keras"
  | "weights"
  | "tfjs"
  | "onnx"
  | "safetensors";

/** The optimiser's state. */
export const OPTIMIZER_OPTION: OptionSpec = {
  name: "optimizer",
  help: "keras: with the optimiser's state, so that Keras goes on with the training",
};

/** The learning rate of the optimiser. */
export const RATE_OPTION: OptionSpec = {
  name: "learning-rate",
  value: "X",
  help:
    "keras with --optimizer: learning rate (default: that of the run's next step, or 0.001 where its schedule has ended)",
};

const OF_RUN = [RUN_OPTION.name, WEIGHTS_OPTION.name];
const HTML = [".html", ".htm"];

/** Every format, in the order of the help. */
export const EXPORT_TARGETS: Readonly<Record<TargetName, ExportTarget>> = {
  page: {
    ...{ is: "file", endings: HTML, options: OF_RUN },
    help: "one HTML file with curves, answers and model",
    plan: planPage,
  },
  playground: {
    ...{ is: "file", endings: HTML, options: [] },
    help: "one HTML file that trains in the browser",
    plan: () => Promise.resolve(writePlaygroundPage),
  },
  keras: {
    ...{ is: "file", endings: [".keras"] },
    ...{ options: [...OF_RUN, OPTIMIZER_OPTION.name, RATE_OPTION.name] },
    help: "a model of Keras 3",
    plan: planKeras,
    examples: async () => (await import("../interop/keras/keras_examples.ts")).KERAS_EXAMPLES,
  },
  weights: {
    ...{ is: "file", endings: [".weights.h5"], options: OF_RUN },
    help: "the weights of a Keras model",
    plan: planModel<Uint8Array<ArrayBuffer>>("a file of weights", async () => {
      return (await import("../interop/keras/export_keras.ts")).exportKerasWeights;
    }),
    examples: async () =>
      (await import("../interop/keras/keras_examples.ts")).KERAS_WEIGHTS_EXAMPLES,
  },
  tfjs: {
    ...{ is: "folder", options: OF_RUN },
    help: "a folder with a LayersModel of TensorFlow.js",
    plan: planModel<ReadonlyMap<string, Uint8Array>>("a LayersModel", async () => {
      return (await import("../interop/tfjs/export_tfjs.ts")).exportTfjs;
    }),
    examples: async () => (await import("../interop/tfjs/tfjs_examples.ts")).TFJS_EXAMPLES,
  },
  onnx: {
    ...{ is: "file", endings: [".onnx"], options: OF_RUN },
    help: "a model for onnxruntime and others",
    plan: planModel<Uint8Array<ArrayBuffer>>("an ONNX model", async () => {
      return (await import("../interop/onnx/export_onnx.ts")).exportOnnx;
    }),
    examples: async () => (await import("../interop/onnx/onnx_examples.ts")).ONNX_EXAMPLES,
  },
  safetensors: {
    ...{ is: "file", endings: [".safetensors"], options: OF_RUN },
    help: "the bare weights",
    plan: planModel<Uint8Array<ArrayBuffer>>("a file of weights", async () => {
      return (await import("../interop/safetensors/export_safetensors.ts")).exportSafetensors;
    }),
    examples: async () =>
      (await import("../interop/safetensors/safetensors_examples.ts")).SAFETENSORS_EXAMPLES,
  },
};

/** Plans the page of a run. */
async function planPage(typed: TypedOptions): Promise<() => Promise<Uint8Array<ArrayBuffer>>> {
  const run = await readPlace(typed, "a page");
  const { makeRunPage } = await import("./export_run_page.ts");
  return () => makeRunPage(run);
}

/** Writes the playground. Its page is loaded only here. */
async function writePlaygroundPage(): Promise<Uint8Array<ArrayBuffer>> {
  const { writePlayground } = await import("../playground/write_playground.ts");
  return new TextEncoder().encode(await writePlayground());
}

async function planKeras(
  typed: TypedOptions,
): ReturnType<Target<Uint8Array<ArrayBuffer>>["plan"]> {
  const options = readKerasOptions(typed);
  return await planModel<Uint8Array<ArrayBuffer>>("a Keras model", async () => {
    const { exportKeras } = await import("../interop/keras/export_keras.ts");
    return (checkpoint) => exportKeras(checkpoint, options);
  })(typed);
}

/** Makes what plans the model of a run in a format. @param what the format, for an error */
function planModel<Content>(
  what: string,
  load: () => Promise<(checkpoint: Checkpoint) => Content | Promise<Content>>,
): Target<Content>["plan"] {
  return async (typed) => {
    const checkpoint = await readCheckpointOf(typed, what);
    const encode = await load();
    return () => encode(checkpoint);
  };
}

/** A run that is exported. */
export interface ExportedRun {
  readonly path: string;
  readonly weights: CheckpointChoice;
}

/** Finds the run. @throws {UsageError} if it is an ensemble */
async function readPlace(typed: TypedOptions, what: string): Promise<ExportedRun> {
  const weights = typed.choice("weights", ["latest", "best"] as const) ?? "latest";
  const path = typed.text("run") ?? await findNewestRun();
  if (await readEnsemble(path) === undefined) return { path, weights };
  throw new UsageError(
    `Cannot export "${path}": it is an ensemble, and ${what} holds one model; name one of its models, as in --run ${path}/member-1`,
  );
}

async function readCheckpointOf(typed: TypedOptions, what: string): Promise<Checkpoint> {
  const { path, weights } = await readPlace(typed, what);
  const { checkpoint, skipped, warnings } = await readRun(path, weights);
  for (const reason of skipped) printError(`Skipped ${reason}`);
  for (const warning of warnings) printError(warning);
  return checkpoint;
}

function readKerasOptions(
  typed: TypedOptions,
): { readonly optimizer: boolean; readonly learningRate?: number } {
  const optimizer = typed.flag(OPTIMIZER_OPTION.name);
  const text = typed.text(RATE_OPTION.name);
  if (text === undefined) return { optimizer };
  if (!optimizer) {
    throw new UsageError(
      `Cannot use --${RATE_OPTION.name} without --${OPTIMIZER_OPTION.name}: it is the optimiser's`,
    );
  }
  const learningRate = readTyped(RATE_OPTION.name, text, readNumber);
  checkTyped(() =>
    checkValue("read --learning-rate", "it", learningRate, TRAINING_SETTINGS.learningRate)
  );
  return { optimizer, learningRate };
}
