/** Reads problem, model and training from typed options, and compares them with those of a stored run. @module */
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { CELLS, checkModelConfig, type ModelConfig } from "../network/config.ts";
import {
  ADDITION_CHARACTERS,
  additionAnswerLength,
  additionLayout,
  type AdditionOptions,
  type AdditionProblem,
  resolveAddition,
} from "../problem/addition.ts";
import { checkContinuation } from "../training/continuation.ts";
import type { EndReason } from "../training/events.ts";
import { isLoss, METRICS } from "../training/metrics.ts";
import {
  RECIPES,
  resolvePractice,
  resolveTraining,
  type StopAt,
  type TrainingOptions,
} from "../training/options.ts";
import { type Schedule, SCHEDULE_OPTIONS, SCHEDULES } from "../training/schedule.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** Everything that decides what a run computes. */
export interface Settings {
  readonly problem: AdditionProblem;
  readonly model: ModelConfig;
  readonly training: TrainingOptions;
}

/** Options of the problem. */
export const PROBLEM_OPTIONS: readonly OptionSpec[] = [
  { name: "digits", value: "N", help: "most digits of each number, 1 to 9 (default 3)" },
  {
    name: "examples",
    value: "N",
    help: "number of questions (default 50000, or all possible ones if there are fewer)",
  },
  {
    name: "sampler",
    value: "NAME",
    help:
      "how numbers are drawn: notebook (a random length, then random digits) or uniform (default notebook)",
  },
  {
    name: "seed",
    value: "N",
    help: "seed of all random numbers; the same seed gives the same result (default 0)",
  },
];

/** Options of the model's shape. */
export const MODEL_OPTIONS: readonly OptionSpec[] = [
  { name: "hidden-size", value: "N", help: "size of the hidden state (default 128)" },
  { name: "layers", value: "N", help: "number of decoder layers (default 1)" },
  {
    name: "cell",
    value: "NAME",
    help: "recurrent cell: lstm, gru or simple (default lstm)",
  },
];

/** Says whether questions are reversed. */
export const REVERSE_OPTION: OptionSpec = {
  name: "reverse",
  negatable: true,
  help: "do not reverse questions (default: the model reads them from the last character on)",
};

/** Options of the training. */
export const TRAINING_OPTIONS: readonly OptionSpec[] = [
  {
    name: "recipe",
    value: "NAME",
    help: "fast (AdamW, 4 epochs) or notebook (Adam, 99 epochs); the options below override it",
  },
  { name: "epochs", value: "N", help: "passes over the questions (fast 4, notebook 99)" },
  { name: "batch-size", value: "N", help: "questions in each step (fast 64, notebook 128)" },
  {
    name: "learning-rate",
    value: "X",
    help:
      "learning rate, or its highest value in a schedule (fast 0.024, or 0.005 for the cell simple; notebook 0.001)",
  },
  {
    name: "schedule",
    value: "NAME",
    help:
      "learning rate over time: constant; triangular (rises, then falls to 0); or flat (rises, stays until 60 % of the steps, then falls to 0) (fast flat, notebook constant)",
  },
  {
    name: "warmup",
    value: "X",
    help: "share of the steps in which a triangular or flat rate rises (fast 0.2, notebook 0.25)",
  },
  { name: "beta1", value: "X", help: "decay of Adam's first moment (fast 0.85, notebook 0.9)" },
  {
    name: "beta2",
    value: "X",
    help: "decay of Adam's second moment (fast 0.95, notebook 0.999)",
  },
  { name: "epsilon", value: "X", help: "Adam's epsilon (default 1e-7, as in Keras)" },
  {
    name: "weight-decay",
    value: "X",
    help: "decoupled weight decay of matrices (fast 0.045, notebook 0)",
  },
  {
    name: "clip-norm",
    value: "X",
    help: "largest global norm of the gradients; 0: no limit (fast 0.5, notebook 0)",
  },
  {
    name: "swap",
    value: "on|off",
    help:
      "swap the two numbers of a question in half of the cases, at random (fast on, notebook off)",
  },
  {
    name: "weighted",
    value: "on|off",
    help:
      "train sums of short numbers more often, and keep all sums of one-digit numbers in the training split (fast on, notebook off)",
  },
  {
    name: "stop-at",
    value: "METRIC=X",
    help:
      `stop when a metric reaches a value, such as exactMatch=0.99 or exactMatch=99%; METRIC is one of ${
        METRICS.join(", ")
      }`,
  },
  {
    name: "patience",
    value: "N",
    help: "stop after N epochs without a better --monitor; 0: never (default 0)",
  },
  {
    name: "monitor",
    value: "METRIC",
    help: "metric that decides which epoch is best (default exactMatch)",
  },
];

/** The hidden size of the notebook. */
const DEFAULT_HIDDEN_SIZE = 128;

/** The options that were typed, with the names of the settings. Others are left out. */
interface TypedSettings {
  readonly problem: AdditionOptions;
  readonly model: Partial<Pick<ModelConfig, "hiddenSize" | "layers" | "cell">>;
  readonly training: Partial<TrainingOptions>;
}

/** Reads the typed settings, with defaults for the rest. @throws {UsageError} if a value is not possible */
export function readSettings(typed: TypedOptions): Settings {
  const given = readTyped(typed);
  const problem = checkTyped(() => resolveAddition(given.problem));
  const model = describeModel(problem, given.model);
  checkTyped(() => checkModelConfig(model));
  const training = checkTyped(() => resolvePractice(given.training, model.cell));
  return { problem, model, training };
}

/** Reads the typed options of the problem. Others are left out. @throws {UsageError} if a value cannot be read */
export function readProblem(typed: TypedOptions): AdditionOptions {
  return withoutUndefined({
    digits: typed.number("digits"),
    examples: typed.number("examples"),
    sampler: typed.choice("sampler", ["notebook", "uniform"]),
    reverse: typed.flag("reverse") ? undefined : false,
    seed: typed.number("seed"),
  });
}

/**
 * Gives the settings of a run that is resumed, which are those in its checkpoint. Only the options that decide when to stop may
 * change, and only if the steps that are done keep their meaning.
 *
 * @throws {UsageError} for the first option that differs and cannot be changed, with both values and advice
 */
export function readResumedSettings(typed: TypedOptions, stored: Checkpoint): Settings {
  const given = readTyped(typed);
  const changed: Record<string, unknown> = {};
  for (const part of ["problem", "model", "training"] as const) {
    for (const [name, value] of Object.entries(given[part])) {
      const kept: unknown = Reflect.get(stored[part], name);
      if (JSON.stringify(kept) === JSON.stringify(value)) continue;
      if (part === "training" && STOP_OPTIONS.has(name)) changed[name] = value;
      else throw new UsageError(describeDifference(name, kept, value));
    }
  }
  const training = checkTyped(() => resolveTraining({ ...stored.training, ...changed }));
  checkTyped(() => checkContinuation(stored, training));
  return { problem: stored.problem, model: stored.model, training };
}

/** Options of the training that decide when it stops. */
const STOP_OPTIONS: ReadonlySet<string> = new Set(["epochs", "stopAt", "patience"]);

function describeDifference(name: string, kept: unknown, given: unknown): string {
  return `Cannot resume with another ${name}: the run has ${JSON.stringify(kept)}, but ${
    JSON.stringify(given)
  } was given; leave the option out, or start a new run`;
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
        : `its ${schedule} learning rate was planned for ${epochs} epochs; to train longer, start a new run with a higher --epochs`;
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

function readTyped(typed: TypedOptions): TypedSettings {
  return {
    problem: readProblem(typed),
    model: withoutUndefined({
      hiddenSize: typed.number("hidden-size"),
      layers: typed.number("layers"),
      cell: typed.choice("cell", CELLS),
    }),
    training: withoutUndefined({
      recipe: typed.choice("recipe", RECIPES),
      epochs: typed.number("epochs"),
      batchSize: typed.number("batch-size"),
      learningRate: typed.number("learning-rate"),
      schedule: typed.choice("schedule", SCHEDULES),
      warmup: typed.number("warmup"),
      beta1: typed.number("beta1"),
      beta2: typed.number("beta2"),
      epsilon: typed.number("epsilon"),
      weightDecay: typed.number("weight-decay"),
      clipNorm: typed.number("clip-norm"),
      swap: readSwitch(typed, "swap"),
      weighted: readSwitch(typed, "weighted"),
      stopAt: readStopAt(typed.text("stop-at")),
      patience: typed.number("patience"),
      monitor: typed.choice("monitor", METRICS),
      seed: typed.number("seed"),
    }),
  };
}

function describeModel(problem: AdditionProblem, given: TypedSettings["model"]): ModelConfig {
  return {
    cell: "lstm",
    hiddenSize: DEFAULT_HIDDEN_SIZE,
    layers: 1,
    ...given,
    inputLength: additionLayout(problem).length,
    outputLength: additionAnswerLength(problem),
    characters: ADDITION_CHARACTERS,
    reverse: problem.reverse,
  };
}

/** Reads an option that is on or off, and whose default depends on the recipe. */
function readSwitch(typed: TypedOptions, name: string): boolean | undefined {
  const position = typed.choice(name, ["on", "off"]);
  return position && position === "on";
}

/** Reads a metric and its value; an accuracy may be typed as a percentage, as the output shows it. */
function readStopAt(text: string | undefined): StopAt | undefined {
  if (text === undefined) return undefined;
  const [, name, number, percent] =
    /^(\w+)=((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?) ?(%?)$/i.exec(text) ?? [];
  const metric = METRICS.find((candidate) => candidate === name);
  if (metric === undefined || (percent === "%" && isLoss(metric))) {
    throw new UsageError(
      `Cannot read --stop-at: it must be METRIC=NUMBER with one of ${
        METRICS.join(", ")
      }, as exactMatch=0.99, exactMatch=99% or loss=0.1, but is "${text}"`,
    );
  }
  const value = percent === "%" ? Number(number) / 100 : Number(number);
  if (value <= 1 || isLoss(metric)) return { metric, value };
  const meant = percent === "" && value <= 100 ? `; ${number} % is ${metric}=${number}%` : "";
  throw new UsageError(
    `Cannot read --stop-at: ${metric} must be a share from 0 to 1, or 0% to 100%, but is ${number}${percent}${meant}`,
  );
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(record: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}
