/** Runs one epoch: its steps, its measurement, its samples. @module */
import type { HeldExamples } from "../device/executor.ts";
import { drawEpochInTurns } from "../dataset/order.ts";
import { countBatches } from "../dataset/batches.ts";
import { sortBatches } from "../dataset/sort_batches.ts";
import type { Split } from "../dataset/split.ts";
import { showAs } from "../display/display.ts";
import type { Clock } from "../time/clock.ts";
import { createPause } from "../time/pause.ts";
import { runInTurns } from "../time/slices.ts";
import { type Evaluation, measureHeld } from "./evaluate.ts";
import {
  type EndEvent,
  NonFiniteLossError,
  type Sample,
  type StepEvent,
  type TrainingEvent,
} from "./events.ts";
import type { EpochExamples, ExampleSupply } from "./example_supply.ts";
import { type EpochMetrics, findBest } from "./metrics.ts";
import { viewHistory } from "./view_history.ts";
import { drawSamples } from "./samples.ts";
import { type ActiveTraining, EpochSteps } from "./take_steps.ts";
import { stateOf } from "./under_way.ts";

/** What an epoch is run with. */
export interface EpochSetting extends ActiveTraining {
  /** The examples, on the host. */
  readonly split: Split;
  /** The examples of every epoch, on the device. */
  readonly supply: ExampleSupply;
  /** The validation side on the device. */
  readonly validation: HeldExamples;
  /** Stops the epoch. */
  readonly signal: AbortSignal | undefined;
  /** Number of samples. */
  readonly samples: number;
  /** Whether to report the answers to the validation side. */
  readonly answers: boolean;
  /** After every step whose number is a multiple of this, no step is taken until its event was given; undefined: no such step. */
  readonly settleEvery: number | undefined;
  /** Measures training time. */
  readonly now: Clock;
}

/**
 * Takes the remaining steps of the current epoch and measures it. If the signal aborts, it ends without the epoch's event.
 *
 * The last figures, the measurement and the samples are begun together and awaited together, because a reading of a GPU takes as
 * long as many steps.
 */
export async function* runEpoch(
  setting: EpochSetting,
): AsyncGenerator<Exclude<TrainingEvent, EndEvent>, void> {
  const { signal } = setting;
  const examples = await unlessAborted(takeExamples(setting), signal);
  if (examples === undefined) return;
  const order = await unlessAborted(drawOrder(setting, examples), signal);
  if (order === undefined) return;
  checkNotDisposed(setting);
  await using steps = beginSteps(setting, examples.held, order);
  yield* takeSteps(steps, setting);
  const settling = steps.settle();
  const measuring = signal?.aborted ? undefined : beginMeasuring(setting);
  yield* reportSteps(steps, settling);
  checkNotDisposed(setting);
  if (measuring === undefined || signal?.aborted) return;
  const evaluation = await measuring.evaluation;
  if (evaluation === undefined) return;
  const metrics = countEpoch(setting, evaluation);
  const { history } = setting.state.progress;
  const { epoch } = metrics;
  const best = findBest(history, setting.training.options.monitor)?.epoch === epoch;
  if (measuring.answers !== undefined) {
    yield { event: "answers", epoch, answers: measuring.answers };
  }
  yield { event: "epoch", ...metrics, best };
  if (setting.samples === 0) return;
  yield { event: "samples", epoch, samples: await measuring.samples };
}

function takeExamples({ training, supply, signal, now }: EpochSetting): Promise<EpochExamples> {
  const epoch = training.progress.history.length + 1;
  return supply.take(epoch, { now, ...(signal && { signal }) });
}

async function drawOrder(
  { training, split, signal, now }: EpochSetting,
  { measures }: EpochExamples,
): Promise<Uint32Array> {
  const { options: { seed, swap, weighted, fresh, batchSize }, progress: { history } } = training;
  const { training: { count }, weights } = split;
  const draw = { seed, epoch: history.length + 1, swap, ...(weighted && !fresh && { weights }) }; // fault point: order of an epoch
  const turns = { now, ...(signal && { signal }) };
  const order = await drawEpochInTurns(count, draw, turns);
  if (measures !== undefined) {
    await runInTurns(sortBatches(order, { batchSize, measures }), order.length, turns);
  }
  return order;
}

function beginSteps(
  setting: EpochSetting,
  examples: HeldExamples,
  order: Uint32Array,
): EpochSteps {
  const { training: { options, progress }, split, settleEvery, now } = setting;
  const steps = countBatches(split.training, options.batchSize) * options.epochs;
  const epoch = progress.history.length + 1;
  return new EpochSteps(setting, { epoch, examples, order, steps, settleEvery, now });
}

/** Checks that nobody disposed of the training while somebody else had a turn. */
function checkNotDisposed({ training }: EpochSetting): void {
  stateOf("train", training);
}

async function* takeSteps(
  steps: EpochSteps,
  setting: EpochSetting,
): AsyncGenerator<StepEvent, void> {
  const { state, supply, signal, now } = setting;
  const pause = createPause(now);
  while (steps.left > 0 && !signal?.aborted) {
    if (state.rest !== undefined) await state.rest;
    checkNotDisposed(setting);
    yield* reportSteps(steps, supply.prepareDuring(steps.advance()));
    await pause();
  }
}

/** Waits, and reports the steps that were counted meanwhile, also those before one that failed. */
async function* reportSteps(
  steps: EpochSteps,
  work: Promise<void>,
): AsyncGenerator<StepEvent, void> {
  try {
    await work;
  } finally {
    for (const event of steps.takeEvents()) yield event;
  }
}

/** An epoch that is being measured. */
interface Measuring {
  /** undefined if the signal aborted it */
  readonly evaluation: Promise<Evaluation | undefined>;
  readonly samples: Promise<readonly Sample[]>;
  /** The answers to the validation side, when `evaluation` is there. */
  readonly answers: Uint8Array | undefined;
}

function beginMeasuring(setting: EpochSetting): Measuring {
  const { training: { model, options, progress }, split: { validation }, signal, now } = setting;
  const { count, target } = validation;
  const answers = setting.answers ? new Uint8Array(count * target.length) : undefined;
  const turns = { now, ...(signal && { signal }), ...(answers && { answers }) };
  const evaluation = unlessAborted(
    measureHeld(model, { held: setting.validation, dataset: validation }, turns),
    signal,
  );
  const { samples: wanted } = setting;
  const draw = { count: wanted, seed: options.seed, epoch: progress.history.length + 1 };
  const samples = wanted > 0 ? drawSamples(model, validation, draw) : Promise.resolve([]);
  for (const each of [evaluation, samples]) each.catch(() => {}); // the loop may end before it awaits them
  return { evaluation, samples, answers };
}

/** Adds a measured epoch to the history. @throws {NonFiniteLossError} if its loss is not finite */
function countEpoch({ state, split }: EpochSetting, evaluation: Evaluation): EpochMetrics {
  const { step, lossSum, elapsedMs, history } = state.progress;
  const { loss: validationLoss, characterAccuracy, exactMatch } = evaluation;
  if (!Number.isFinite(validationLoss)) throw new NonFiniteLossError(step, validationLoss);
  const metrics: EpochMetrics = Object.freeze({
    epoch: history.length + 1,
    step,
    loss: lossSum / split.training.count,
    validationLoss,
    characterAccuracy,
    exactMatch,
    elapsedMs,
  });
  const epochs = Object.freeze(showAs([...history, metrics], viewHistory));
  const begun = { batch: 0, lossSum: 0, elapsedMs: 0 };
  state.progress = Object.freeze({ ...state.progress, ...begun, history: epochs });
  return metrics;
}

/** Waits for a result. It gives undefined if the signal aborted the work. */
async function unlessAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined;
    throw error;
  }
}
