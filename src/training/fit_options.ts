/** The options of `fit()`: one table with the rule of each. @module */
import { type Resolved, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { BOOLEAN, functionRule, integer, optional, SIGNAL } from "../arguments/rule.ts";
import type { OrderOptions } from "../dataset/order.ts";
import type { Device } from "../device/executor.ts";
import { DEVICE } from "../model/create_model.ts";
import { MODEL_SETTINGS, type ModelShape } from "../network/config.ts";
import { GIVEN_PAIRS, type GivenPairs } from "../problem/pairs/given_pairs.ts";
import type { TextOptions } from "../problem/pairs/pair_text.ts";
import type { AnswerForm, FeatureOrder, PairsSettings } from "../problem/pairs/settings.ts";
import { PAIRS_SETTINGS } from "../problem/pairs/settings_table.ts";
import { resolvePairs } from "../problem/pairs/resolve_pairs.ts";
import { CLOCK, type Clock } from "../time/clock.ts";
import { chooseModel, readsReversed } from "./choose_model.ts";
import type { FitEvent, Fitting } from "./fit_events.ts";
import { TRAINING_SETTINGS, type TrainingOptions } from "./options.ts";
import { checkDropout } from "./regularization.ts";
import { resolveTraining } from "./resolve_training.ts";
import { MAX_SAMPLES } from "./train.ts";

/** All options of {@linkcode fit}. Each can be left out. Those of model and training that are left out are chosen by the pairs. */
export interface FitOptions
  extends TextOptions, ModelShape, Omit<TrainingOptions, keyof OrderOptions> {
  /** Whether the model reads questions from their last symbol on. Default: with the decoder `repeat` only. */
  readonly reverse: boolean;
  /** Whether the model writes answers from their last symbol on. Default false. */
  readonly reverseAnswers: boolean;
  /**
   * Symbols of questions that occur less often are read as one unknown symbol, about which the model learns too; null: 2, or 1
   * with fewer than 1000 pairs.
   */
  readonly minCount: number | null;
  /**
   * How the model writes answers: `text`, or `edits`: which part of the question it keeps, and what it adds. Predictions are texts with
   * both. Default `auto`: edits if all pairs have features and most answers keep most of their question.
   */
  readonly answers: AnswerForm;
  /** In which order features stand in training. Default `auto`: another random one in every epoch with edits, else as given. */
  readonly featureOrder: FeatureOrder;
  /** What is done about a pair that cannot be used: an error (`stop`, the default), or it is left out and counted (`skip`). */
  readonly badPairs: "stop" | "skip";
  /** Pairs to measure the model on after every epoch. Default: a share of the pairs is held back. */
  readonly validation: GivenPairs;
  /** Share of the pairs that is held back, in (0, 1), all with the same question together; null: 0.1, or none with `validation`. */
  readonly split: number | null;
  /** The device that computes. Default: as `chooseDevice()` chooses. */
  readonly device: Device;
  /** Number of held-back questions that are reported with their answers after every epoch, 0 to 1000. Default 5. */
  readonly samples: number;
  /**
   * Called with every event, and with the training that it is of. If it returns a promise, training waits for it, so that a
   * checkpoint can be saved meanwhile.
   */
  readonly onEvent: (event: FitEvent, fitting: Fitting) => void | Promise<void>;
  /** Called several times a second while pairs are read, with the number of pairs so far. */
  readonly onProgress: (pairs: number) => void;
  /** Stops after the current step. `fit` then throws the signal's reason and frees all memory. */
  readonly signal: AbortSignal;
  /** Measures time. Default: the platform's monotonic clock. */
  readonly now: Clock;
}

/** What `fit()` does, for errors. */
export const ACTION = "fit a model";

/** The options with their defaults, but for those of the training, which may depend on the pairs. */
export type ResolvedFit = Resolved<Partial<FitOptions>, Defaults>;

/** The options that have a default. */
type Defaults = Omit<
  FitOptions,
  | Exclude<keyof TrainingOptions, "seed">
  | keyof ModelShape
  | "reverse"
  | ("validation" | "device" | "onEvent" | "onProgress" | "signal")
>;

const { swap: _swap, weighted: _weighted, fresh: _fresh, ...TRAINING_RULES } = TRAINING_SETTINGS;

const { sourceSeparator, targetSeparator, normalize, maxLength, minCount, badLines, split } =
  PAIRS_SETTINGS;
const { answers, featureOrder } = PAIRS_SETTINGS;
const TEXT_RULES = { sourceSeparator, targetSeparator, normalize, maxLength };

const DEFAULTS: Defaults = {
  ...{ sourceSeparator: "", targetSeparator: "" },
  ...{ normalize: normalize.default!, maxLength: maxLength.default! },
  ...{ minCount: null, badPairs: "stop", split: null, samples: 5, seed: 0 },
  ...{ reverseAnswers: false, answers: "auto", featureOrder: "auto" },
  now: () => performance.now(),
};

const RULES: Rules<Partial<FitOptions>> = {
  ...allowToOmit(MODEL_SETTINGS),
  ...allowToOmit(TRAINING_RULES),
  ...TEXT_RULES,
  ...{ minCount, badPairs: badLines, split },
  reverse: optional(BOOLEAN),
  reverseAnswers: BOOLEAN,
  ...{ answers, featureOrder },
  validation: optional(GIVEN_PAIRS),
  device: optional(DEVICE),
  samples: integer(0, MAX_SAMPLES),
  onEvent: optional(functionRule()),
  onProgress: optional(functionRule()),
  signal: optional(SIGNAL),
  now: CLOCK,
};

/**
 * Checks all options, and fills in those that do not depend on the pairs.
 *
 * @throws {TypeError} if an option is unknown or has a wrong type
 * @throws {RangeError} if a value is out of its range, or two options contradict each other
 */
export function resolveFit(given: Partial<FitOptions>): ResolvedFit {
  const resolved = resolveOptions(given, {
    ...{ action: ACTION, rules: RULES, defaults: DEFAULTS },
  });
  if (resolved.validation !== undefined && resolved.split !== null) {
    throw new RangeError(
      "Cannot fit a model: with validation nothing else is held back, so split must be left out",
    );
  }
  const { decoder } = chooseShape(resolved, 1); // values that fail together, before any pair is read
  checkDropout(resolveTraining(trainingOf(resolved)).dropout, decoder);
  return resolved;
}

/** Chooses the shape of the model for a number of pairs to learn from. */
export function chooseShape(resolved: ResolvedFit, examples: number): ModelShape {
  const names = Object.keys(MODEL_SETTINGS) as (keyof ModelShape)[];
  const given = Object.fromEntries(names.map((name) => [name, resolved[name]]));
  return chooseModel(given, { problem: pairsSettingsOf(resolved), examples });
}

/** Says whether the model reads questions from their last symbol on. */
export function chooseReverse(resolved: ResolvedFit): boolean {
  return resolved.reverse ?? readsReversed(chooseShape(resolved, 1).decoder);
}

/** Gives the options of the training that were given. */
export function trainingOf(resolved: ResolvedFit): Partial<TrainingOptions> {
  const names = Object.keys(TRAINING_RULES) as (keyof typeof TRAINING_RULES)[];
  return Object.fromEntries(
    names.filter((name) => resolved[name] !== undefined).map((name) => [name, resolved[name]]),
  );
}

/** Gives the settings of the problem, as a checkpoint has them. */
export function pairsSettingsOf(resolved: ResolvedFit): PairsSettings {
  const { seed, minCount, badPairs, split, answers, featureOrder } = resolved;
  const texts = Object.fromEntries(
    Object.keys(TEXT_RULES).map((name) => [name, resolved[name as keyof typeof TEXT_RULES]]),
  );
  return resolvePairs({
    ...texts,
    ...{ seed, minCount, split, answers, featureOrder, badLines: badPairs },
  });
}

function allowToOmit<T extends Readonly<Record<string, Parameters<typeof optional>[0]>>>(
  rules: T,
): T {
  return Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [name, optional(rule)]),
  ) as T;
}
