/** The training loop. @module */
import {
  checkValue,
  type Resolved,
  resolveOptions,
  type Rules,
} from "../arguments/resolve_options.ts";
import { BOOLEAN, integer, objectRule, optional, SIGNAL } from "../arguments/rule.ts";
import { checkDataset } from "../dataset/dataset.ts";
import type { Split } from "../dataset/split.ts";
import { CLOCK, type Clock } from "../time/clock.ts";
import { createSteadyClock } from "../time/steady_clock.ts";
import { checkPosition } from "./continuation.ts";
import { checkFit } from "./evaluate.ts";
import type { TrainingEvent } from "./events.ts";
import { checkPractice } from "./practice.ts";
import { openSupply } from "./example_supply.ts";
import { runEpoch } from "./run_epoch.ts";
import { findStopReason } from "./stop_rules.ts";
import type { Training } from "./training.ts";
import { checkTrainingFits } from "./training_fits.ts";
import { beginLoop, stateOf, type TrainingState, whenAtRest } from "./under_way.ts";

/** Options of {@linkcode train}. */
export interface TrainOptions {
  /** Stops training after the current step. It can be continued from there later. */
  readonly signal?: AbortSignal;
  /** Number of validation questions that are reported with their answers after every epoch, 0 to 1000. Default 5. */
  readonly samples?: number;
  /** Whether to report the answers to the whole validation split after every epoch. Default false. */
  readonly answers?: boolean;
  /**
   * After every step whose number is a multiple of this, no step is taken until its event was given: the training is then exactly at that
   * step, and can be saved there. A positive integer. Default: steps are taken as fast as the device can.
   */
  readonly settleEvery?: number;
  /** Measures training time. When it is set back, no time passes. Default: the platform's monotonic clock. */
  readonly now?: Clock;
}

const ACTION = "train";
/** Most samples of an epoch: as many fit into a line of the log. `answers` reports the whole validation split. */
export const MAX_SAMPLES = 1000;

const RULES: Rules<TrainOptions> = {
  signal: optional(SIGNAL),
  samples: integer(0, MAX_SAMPLES),
  answers: BOOLEAN,
  settleEvery: optional(integer(1)),
  now: CLOCK,
};

/**
 * Trains until a stop rule holds, and reports every step, every epoch, samples, and the end.
 *
 * It prints and writes nothing. Between two events its parameters, moments and progress fit together, so it can be saved
 * then. They may be ahead of a step's event, because steps are taken in bunches and on `webgpu` their figures are read a few times a
 * second. Leaving the loop waits for the steps that were taken. A training that is saved and continued gives the same result as one
 * without interruption, bit for bit on the same device.
 *
 * Only one loop at a time may train a model.
 *
 * @throws {TypeError} at the call, if the split does not fit the model, or an option is unknown or has a wrong type
 * @throws {RangeError} at the call, if an option is out of its range, or the split is not the one that the training began with,
 *   or a step does not fit the device
 * @throws {Error} if the training was disposed of, or is in another loop
 * @throws {NonFiniteLossError} if the loss is not finite
 * @throws {Error} if the device was lost; the message says how to continue
 * @example
 * ```ts
 * import {
 *   characterLayout, chooseDevice, createDataset, createModel, createTraining, splitDataset, train,
 * } from "@carry/seq2seq";
 * import { generateAddition } from "@carry/seq2seq/addition";
 *
 * const layout = characterLayout(" +0123456789", { inputLength: 3, outputLength: 2, reverse: true });
 * const split = splitDataset(createDataset(generateAddition({ digits: 1 }), layout));
 * using model = await createModel({
 *   cell: "lstm", hiddenSize: 16, layers: 1, ...layout,
 * }, { device: await chooseDevice("cpu") });
 * using training = createTraining(model, { epochs: 2 });
 * for await (const event of train(training, split)) {
 *   if (event.event === "epoch") console.log(event.epoch, event.exactMatch);
 * }
 * ```
 */
export function train(
  training: Training,
  split: Split,
  options: TrainOptions = {},
): AsyncGenerator<TrainingEvent, void> {
  const resolved = resolveOptions(options, {
    action: ACTION,
    rules: RULES,
    defaults: { samples: 5, answers: false, now: () => performance.now() },
  });
  checkUse(training, split);
  return runLoop(training, split, resolved);
}

/** Checks that a training can continue with a split now. */
function checkUse(training: Training, split: Split): TrainingState {
  const state = stateOf(ACTION, training);
  checkValue(ACTION, "the split", split, objectRule());
  for (const side of ["training", "validation"] as const) {
    checkDataset(ACTION, split[side], `the split's ${side}`);
    checkFit(training.model, split[side]);
  }
  checkPractice(training.options, split);
  if (split.withSwapped !== undefined) checkFit(training.model, split.withSwapped);
  checkPosition(training, split);
  const batchSize = Math.min(training.options.batchSize, split.training.count);
  const { device, config } = training.model;
  checkTrainingFits(device, { config, batchSize });
  return state;
}

/** The options of `train()` with their defaults. */
type ResolvedOptions = Resolved<
  TrainOptions,
  Required<Omit<TrainOptions, "signal" | "settleEvery">>
>;

async function* runLoop(
  training: Training,
  split: Split,
  options: ResolvedOptions,
): AsyncGenerator<TrainingEvent, void> {
  using _loop = beginLoop(training);
  const state = await whenAtRest(ACTION, training, (state) => state);
  checkUse(training, split); // time may have passed since the call
  const { signal, samples, answers, settleEvery } = options;
  const { executor } = training.model;
  using supply = openSupply(training, split);
  using validation = executor.hold(split.validation);
  const now = createSteadyClock(options.now); // fault point: clock of a training
  const setting = {
    ...{ training, state, split, supply, validation },
    ...{ signal, samples, answers, settleEvery, now },
  };
  let reason = findStopReason(training);
  while (reason === undefined && !signal?.aborted) {
    yield* runEpoch(setting);
    reason = findStopReason(training);
  }
  const { history } = training.progress;
  yield {
    event: "end",
    reason: reason ?? "interrupted",
    epochs: history.length,
    exactMatch: history.at(-1)?.exactMatch ?? null,
  };
}
