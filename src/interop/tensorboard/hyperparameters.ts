/** The settings of a training as hyperparameters: names with a number, a text, or true or false. @module */
import type { TextLayout } from "../../codec/layout.ts";
import type { ModelConfig } from "../../network/config.ts";
import type { ProblemSettings } from "../../problem/problem.ts";
import type { TrainingOptions } from "../../training/options.ts";
import { STOP_AT } from "../../training/stop_at.ts";
import type { HyperparameterValue } from "./summary_values.ts";

/** What a training is done with. */
export interface LoggedSettings {
  /** Options of the training. */
  readonly training: TrainingOptions;
  /** The model's shape and layout. */
  readonly model: ModelConfig;
  /** What is learned; undefined if it is not known. */
  readonly problem: ProblemSettings | undefined;
}

/** Lists the settings. What has no single value, such as the files of pairs, is left out. */
export function listHyperparameters(
  { training: { stopAt, ...training }, model: { source, target, ...shape }, problem }:
    LoggedSettings,
): Readonly<Record<string, HyperparameterValue>> {
  const { name, ...ofProblem } = problem ?? {};
  return {
    ...(name !== undefined && { problem: name }),
    ...keepSimple(ofProblem, "problem."),
    ...keepSimple(shape),
    ...describeLayout(source, "source."),
    ...describeLayout(target, "target."),
    ...keepSimple(training),
    ...(stopAt !== null && { stopAt: STOP_AT.write(stopAt) }),
  };
}

function describeLayout(
  { length, symbols, reverse }: TextLayout,
  prefix: string,
): Record<string, HyperparameterValue> {
  return keepSimple({ length, symbols: symbols.length, reverse }, prefix);
}

function keepSimple(values: object, prefix = ""): Record<string, HyperparameterValue> {
  const kept: Record<string, HyperparameterValue> = {};
  for (const [name, value] of Object.entries(values)) {
    if (isSimple(value)) kept[prefix + name] = value;
  }
  return kept;
}

function isSimple(value: unknown): value is HyperparameterValue {
  return ["string", "number", "boolean"].includes(typeof value);
}
