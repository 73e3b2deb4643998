/** Reads problem, model and training from typed options, and compares them with those of a stored run. @module */
import type { Layout } from "../codec/layout.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { type AnySettings, flagOf, type Setting } from "../arguments/setting.ts";
import { MODEL_SETTINGS } from "../network/config.ts";
import { formatPlural } from "../evaluation/format.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import { isPairSide } from "../problem/pairs/pair_meter.ts";
import { isPairs } from "../problem/pairs/settings.ts";
import { findKind, resolveProblem } from "../problem/registry.ts";
import {
  checkGivenSettings,
  chooseReversal,
  chooseSettings,
  type GivenSettings,
  type Settings,
} from "../training/choose_settings.ts";
import { checkContinuation } from "../training/continuation.ts";
import type { EndReason } from "../training/events.ts";
import { TRAINING_SETTINGS, type TrainingOptions } from "../training/options.ts";
import { resolveTraining } from "../training/resolve_training.ts";
import { type Schedule, SCHEDULE_OPTIONS } from "../training/schedule.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { problemSettings, readProblem, STREAM } from "./problem_options.ts";
import { describeOptions, readTypedSettings } from "./typed_settings.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** Options of the model's shape. */
export const MODEL_OPTIONS: readonly OptionSpec[] = describeOptions(
  MODEL_SETTINGS,
  "Model options",
);

/** Says whether questions are reversed. */
export const REVERSE_OPTION: OptionSpec = {
  name: "reverse",
  group: "Model options",
  negatable: true,
  help:
    "read questions from their last character on, or with --no-reverse from the first (default: --reverse with --decoder repeat, --no-reverse with attention)",
};

/** Says whether answers are reversed. */
export const REVERSE_ANSWERS_OPTION: OptionSpec = {
  name: "reverse-answers",
  value: "on|off",
  group: "Model options",
  help:
    "write answers from their last symbol on (default: on for products with --decoder attention, else off)",
};

const { fresh: _fresh, ...TYPED_TRAINING_SETTINGS } = TRAINING_SETTINGS;
const { seed: _seed, ...OWN_TRAINING_SETTINGS } = TYPED_TRAINING_SETTINGS;

/** Options of the training. Its seed is that of the problem, and `--examples stream` says that examples are fresh. */
export const TRAINING_OPTIONS: readonly OptionSpec[] = describeOptions(
  OWN_TRAINING_SETTINGS,
  "Training options",
);

/** The options that were typed, with the names of the settings. Others are left out. */
interface TypedSettings extends Pick<GivenSettings, "model" | "training"> {
  readonly problem: Readonly<Record<string, unknown>>;
}

/** Reads the typed settings, with defaults for the rest. @throws {UsageError} if a value is not possible */
export function readSettings(typed: TypedOptions): Settings {
  const problem = checkTyped(() => resolveProblem(readTyped(typed).problem));
  const layout = findKind(problem.name).layOut!(problem, readReverse(typed, problem));
  return readSettingsOf(typed, problem, layout);
}

/**
 * Says whether the model of a problem reads questions reversed. The typed shape of the model is checked.
 *
 * @throws {UsageError} if the shape is not possible
 */
export function readReverse(typed: TypedOptions, problem: ProblemSettings): boolean {
  const given = readTyped(typed, problem.name).model;
  const usual = checkTyped(() => chooseReversal(given, problem));
  return typed.given("reverse") ? typed.flag("reverse") : usual;
}

/**
 * Checks the typed settings of a training before the pairs to learn from are read, which may take long.
 *
 * @throws {UsageError} if a value is not possible, whatever the pairs are
 */
export function checkTypedTraining(typed: TypedOptions, problem: ProblemSettings): void {
  checkTyped(() => checkGivenSettings(readTyped(typed, problem.name), problem));
}

/** Reads the typed settings of model and training for a problem. @throws {UsageError} if a value is not possible */
export function readSettingsOf(
  typed: TypedOptions,
  problem: ProblemSettings,
  layout: Layout,
): Settings {
  const given = {
    ...readTyped(typed, problem.name),
    ...readAnswerDirection(typed),
  };
  return checkTyped(() => chooseSettings(given, { problem, layout }));
}

/**
 * Gives the settings of a run that is resumed, which are those in its checkpoint. Only the options that decide when to stop may
 * change, and only if the steps that are done keep their meaning. Files of pairs that were typed are not compared: they may have
 * moved.
 *
 * @throws {UsageError} for the first option that differs and cannot be changed, with both values and advice
 */
export function readResumedSettings(
  typed: TypedOptions,
  stored: Pick<Checkpoint, "problem" | "model" | "training" | "progress">,
): Settings {
  const given = readTyped(typed, stored.problem.name);
  const tables: Readonly<Record<keyof TypedSettings, AnySettings>> = {
    problem: problemSettings(stored.problem.name),
    model: MODEL_SETTINGS,
    training: { ...TRAINING_SETTINGS, fresh: FRESH },
  };
  const changed: Record<string, unknown> = {};
  for (const part of ["problem", "model", "training"] as const) {
    for (const [name, value] of Object.entries(given[part])) {
      if (part === "problem" && isPairs(stored.problem) && isPairSide(name)) continue;
      if (part === "problem" && name === "normalize" && value === "auto") continue; // a form was chosen
      const kept: unknown = Reflect.get(stored[part], name);
      if (JSON.stringify(kept) === JSON.stringify(value)) continue;
      if (part === "training" && mayChange(name)) changed[name] = value;
      else throw new UsageError(describeDifference(name, [kept, value], tables[part][name]));
    }
  }
  const { source, target } = stored.model;
  const reverse = source.reverse !== false;
  if (typed.given("reverse") && typed.flag("reverse") !== reverse) {
    refuseDirection(reverse ? "no-reverse" : "reverse", "questions", reverse);
  }
  const reverseAnswers = target.reverse !== false;
  if ((readAnswerDirection(typed).reverseAnswers ?? reverseAnswers) !== reverseAnswers) {
    refuseDirection(`reverse-answers ${reverseAnswers ? "off" : "on"}`, "answers", reverseAnswers);
  }
  const training = checkTyped(() => resolveTraining({ ...stored.training, ...changed }));
  checkTyped(() => checkContinuation(stored, training));
  return { problem: stored.problem, model: stored.model, training };
}

/** Reads the direction of answers; nothing if it was not typed. */
function readAnswerDirection(typed: TypedOptions): Pick<GivenSettings, "reverseAnswers"> {
  const word = typed.choice("reverse-answers", ["on", "off"]);
  return word === undefined ? {} : { reverseAnswers: word === "on" };
}

/** Refuses to resume a run with texts in another direction. */
function refuseDirection(typed: string, what: string, isReversed: boolean): never {
  throw new UsageError(
    `Cannot resume with --${typed}: the run has ${what} that are ${
      isReversed ? "" : "not "
    }reversed; leave the option out, or start a new run`,
  );
}

/** Whether examples are fresh, as `--examples` says it. */
const FRESH: Setting<boolean> = {
  ...TRAINING_SETTINGS.fresh,
  flag: "examples",
  write: (isFresh) => isFresh ? STREAM : "a number",
};

/** Says whether a run may be resumed with another value of an option of its training. */
function mayChange(name: string): boolean {
  return TRAINING_SETTINGS[name as keyof TrainingOptions].change === "resume";
}

/** Says that a setting differs, with both values as they are typed. The name of the problem has no setting. */
function describeDifference(
  name: string,
  values: readonly [kept: unknown, given: unknown],
  setting: Setting<unknown> | undefined,
): string {
  const [kept, given] = values.map((value) => setting?.write(value) ?? String(value));
  const flag = setting === undefined ? "problem" : flagOf(name, setting);
  return `Cannot resume with another --${flag}: the run has ${kept}, but ${given} was given; leave the option out, or start a new run`;
}

/** Says with which options a complete run can be continued. */
export function suggestResuming(
  reason: Exclude<EndReason, "interrupted">,
  { epochs, schedule, stopAt, patience }: TrainingOptions,
): string {
  switch (reason) {
    case "epochs":
      return !isSpreadOverEpochs(schedule)
        ? `add --epochs N with N above ${epochs} to train longer`
        : `its ${schedule} learning rate was planned for ${
          formatPlural(epochs, "epoch")
        }; to train longer, start a new run with a higher --epochs`;
    case "stopAt":
      return `add --stop-at ${stopAt!.metric}=X with a stricter value than ${
        stopAt!.value
      } to train longer`;
    case "patience":
      return `add --patience N with N above ${patience}, or 0, to train longer`;
  }
}

/** Says whether the learning rate of a step depends on the number of epochs. */
function isSpreadOverEpochs(schedule: Schedule): boolean {
  const dependencies: readonly string[] = SCHEDULE_OPTIONS[schedule];
  return dependencies.includes("epochs");
}

function readTyped(typed: TypedOptions, storedProblem?: string): TypedSettings {
  const examples = typed.text("examples");
  const isStream = examples === STREAM;
  const withoutStream: TypedOptions = {
    ...typed,
    text: (name) => isStream && name === "examples" ? undefined : typed.text(name),
  };
  return {
    problem: readProblem(withoutStream, storedProblem),
    model: readTypedSettings(typed, MODEL_SETTINGS),
    training: {
      ...readTypedSettings(typed, TYPED_TRAINING_SETTINGS),
      ...(examples !== undefined && { fresh: isStream }), // a number of examples means the same ones in every epoch
    },
  };
}
