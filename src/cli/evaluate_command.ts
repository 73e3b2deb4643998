/** `evaluate`: measures a run's model on its validation split. @module */
import { evaluate, type Evaluation } from "../training/evaluate.ts";
import {
  type Command,
  INFERENCE_DEVICE_OPTIONS,
  JSON_OPTION,
  RUN_OPTION,
  WEIGHTS_OPTION,
} from "./command.ts";
import { type OpenedModel, openModel } from "./open_model.ts";
import type { TypedOptions } from "./options.ts";
import { openSplit } from "../checkpoint/open_split.ts";
import { createPreparation } from "./preparation.ts";
import { print, printJson } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** The command. */
export const EVALUATE_COMMAND: Command = {
  options: [RUN_OPTION, WEIGHTS_OPTION, ...INFERENCE_DEVICE_OPTIONS, JSON_OPTION],
  examples: ["evaluate", "evaluate --run checkpoints/run-0001 --weights best --json"],
  run: runEvaluate,
};

async function runEvaluate(typed: TypedOptions): Promise<number> {
  if (typed.positionals.length > 0) {
    throw new UsageError(`Cannot evaluate "${typed.positionals[0]}": evaluate takes options only`);
  }
  using opened = await openModel(typed, "cpu");
  const evaluation = await measure(opened);
  if (typed.flag("json")) {
    printJson(evaluation);
    return 0;
  }
  const { loss, characterAccuracy, exactMatch, examples } = evaluation;
  print(`Examples            ${examples}`);
  print(`Loss                ${loss.toFixed(4)}`);
  print(`Character accuracy  ${(100 * characterAccuracy).toFixed(2)} %`);
  print(`Exact match         ${(100 * exactMatch).toFixed(2)} %`);
  return 0;
}

async function measure({ model, checkpoint }: OpenedModel): Promise<Evaluation> {
  const preparation = createPreparation();
  try {
    const { problem, training: { weighted } } = checkpoint;
    const training = { weighted, swap: false, fresh: false }; // which questions are held back does not depend on it
    const { validation } = await openSplit({ problem, model: model.config, training }, {
      onProgress: preparation.show("Generating questions"),
    });
    return await evaluate(model, validation, { onProgress: preparation.show("Evaluating") });
  } finally {
    preparation.clear();
  }
}
