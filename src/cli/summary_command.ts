/** `summary`: prints the layers of a model. @module */
import type { ModelConfig } from "../network/config.ts";
import { countParameters, describeLayers } from "../network/layers.ts";
import { countModelParameters } from "../model/create_model.ts";
import { summarizeModel } from "../network/summary.ts";
import { wrapWords } from "../evaluation/columns.ts";
import { type Command, JSON_OPTION, RUN_OPTION } from "./command.ts";
import { openShape } from "./open_model.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { PROBLEM_OPTIONS } from "./problem_options.ts";
import { MODEL_OPTIONS, readSettings } from "./settings.ts";
import { lineColumns, print, printJson, printText } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** The options of a problem on which the shape of its model depends. */
const SHAPE_OF_PROBLEM = new Set(["problem", "digits", "terms", "base", "operators"]);

/** Options that describe a model without a run. */
export const SHAPE_OPTIONS: readonly OptionSpec[] = [
  ...PROBLEM_OPTIONS.filter(({ name }) => SHAPE_OF_PROBLEM.has(name)),
  ...MODEL_OPTIONS,
];

/** The command. */
export const SUMMARY_COMMAND: Command = {
  options: [
    {
      ...RUN_OPTION,
      help:
        "directory of the run whose model is described (default: the model of the options below)",
    },
    ...SHAPE_OPTIONS,
    { ...JSON_OPTION, help: "print layers, shapes and numbers of parameters as one JSON object" },
  ],
  examples: [
    "summary",
    "summary --cell gru --hidden-size 64",
    "summary --problem dates",
    "summary --run checkpoints/run-0001 --json",
  ],
  run: runSummary,
};

async function runSummary(typed: TypedOptions): Promise<number> {
  if (typed.positionals.length > 0) {
    throw new UsageError(`Cannot summarize "${typed.positionals[0]}": summary takes options only`);
  }
  if (typed.text("run") !== undefined) refuseShapeOptions(typed);
  const run = typed.text("run");
  const { model, models } = run === undefined
    ? { ...readSettings(typed), models: 1 }
    : await openShape(run);
  if (typed.flag("json")) {
    printJson({ ...describeModel(model), ...(models > 1 && { models }) });
    return 0;
  }
  printText(summarizeModel(model, { columns: lineColumns() }));
  if (models > 1) {
    const parameters = models * countModelParameters(model);
    const text = `The ensemble has ${models} such models, with ${
      parameters.toLocaleString("en-US")
    } parameters together`;
    wrapWords(text, lineColumns()).forEach(print);
  }
  return 0;
}

/** Gives the content of the table for programs. The first dimension of a shape is the batch, which is null. */
function describeModel(model: ModelConfig): object {
  return {
    layers: describeLayers(model).map((layer) => ({
      name: layer.name,
      type: layer.type,
      outputShape: [null, ...layer.outputShape],
      parameters: countParameters(layer),
    })),
    parameters: countModelParameters(model),
  };
}

/** Refuses options that describe a model, because a run has its own. @throws {UsageError} if there are any */
export function refuseShapeOptions(typed: TypedOptions): void {
  const given = SHAPE_OPTIONS.find(({ name }) => typed.text(name) !== undefined);
  if (given === undefined) return;
  throw new UsageError(
    `Cannot use --run and --${given.name} together: the model of the run has its own shape`,
  );
}

/** Says whether any option describes a model's shape. */
export function hasShapeOptions(typed: TypedOptions): boolean {
  return SHAPE_OPTIONS.some(({ name }) => typed.text(name) !== undefined);
}
