/** The training loop. @module */
import { countBatches, shuffleForEpochInTurns } from "../dataset/batches.ts";
import type { Split } from "../dataset/split.ts";
import { explainError, stepsPerReading } from "../ops/read_device.ts";
import { holdDataset, type ResidentDataset } from "../ops/resident_dataset/resident_dataset.ts";
import { checkFit, type EvaluateOptions, measureDataset } from "./evaluate.ts";
import {
  type EndReason,
  NonFiniteLossError,
  type StepEvent,
  type TrainingEvent,
} from "./events.ts";
import { type EpochMetrics, findBest } from "./metrics.ts";
import { type Clock, createPause } from "../time/pause.ts";
import { createSteadyClock } from "../time/steady_clock.ts";
import { readFiguresTogether, takeStep } from "./optimizer.ts";
import { drawSamples } from "./samples.ts";
import { learningRateAt } from "./schedule.ts";
import { findStopReason } from "./stop_rules.ts";
import type { Training } from "./training.ts";

/** What a run of `train()` needs besides the training. */
export interface TrainOptions {
  /** Stops training after the current step; it can go on from there later. */
  readonly signal?: AbortSignal;
  /** Questions shown after every epoch. Default 5. */
  readonly samples?: number;
  /** Whether to report how the whole validation split was answered after every epoch. Default false. */
  readonly answers?: boolean;
  /** Default: the platform's monotonic clock. One that is set back does no harm: then no time passes. */
  readonly now?: Clock;
}

/**
 * Trains until a stop rule holds, and reports every step, every epoch, samples, and the end.
 *
 * Nothing is printed or written; between two events the training is at rest, and its parameters, moments and progress
 * fit together: the moment to save it. On `webgpu` they may be some steps further than a step's event: figures are read once
 * every few steps. Going on from what was saved equals not having stopped, bit for bit on the CPU.
 *
 * @throws {TypeError} if the split does not fit the model
 * @throws {NonFiniteLossError} if the loss is not finite
 * @throws {Error} if the device was lost, with how to go on
 * @example
 * ```ts
 * import {
 *   ADDITION_CHARACTERS, createCharacterTable, createDataset, createModel, createTraining, generateAddition,
 *   selectBackend, splitDataset, train,
 * } from "@carry/seq2seq";
 *
 * await selectBackend("cpu");
 * const table = createCharacterTable(ADDITION_CHARACTERS);
 * const shape = { inputLength: 3, outputLength: 2 };
 * const split = splitDataset(createDataset(generateAddition({ digits: 1 }), table, shape));
 * using model = await createModel({
 *   cell: "lstm", hiddenSize: 16, layers: 1, ...shape, characters: ADDITION_CHARACTERS, reverse: true,
 * });
 * using training = createTraining(model, { epochs: 2 });
 * for await (const event of train(training, split)) {
 *   if (event.event === "epoch") console.log(event.epoch, event.exactMatch);
 * }
 * ```
 */
export async function* train(
  training: Training,
  split: Split,
  options: TrainOptions = {},
): AsyncGenerator<TrainingEvent, void> {
  try {
    yield* takeEpochs(training, split, options);
  } catch (error) {
    await explainError(error);
  }
}

async function* takeEpochs(
  training: Training,
  split: Split,
  options: TrainOptions,
): AsyncGenerator<TrainingEvent, void> {
  const { signal, samples = 5 } = options;
  const { count, outputLength } = split.validation;
  const now = createSteadyClock(options.now ?? (() => performance.now()));
  checkFit(training.model, split.training);
  checkFit(training.model, split.validation);
  using held = holdSplit(split);
  let reason: EndReason | undefined = findStopReason(training);
  while (reason === undefined) {
    yield* takeEpoch(training, held, signal, now);
    if (signal?.aborted) break;
    const answers = options.answers ? new Uint8Array(count * outputLength) : undefined;
    const metrics = await measureEpoch(training, held, {
      ...(signal && { signal }),
      ...(answers && { answers }),
      now,
    });
    if (metrics === undefined) break;
    const { history } = training.progress;
    const best = findBest(history, training.options.monitor)?.epoch === metrics.epoch;
    if (answers !== undefined) yield { event: "answers", epoch: metrics.epoch, answers };
    yield { event: "epoch", ...metrics, best };
    if (samples > 0) {
      const draw = { count: samples, seed: training.options.seed, epoch: metrics.epoch };
      const drawn = await drawSamples(training.model, split.validation, draw);
      yield { event: "samples", epoch: metrics.epoch, samples: drawn };
    }
    reason = findStopReason(training);
    if (signal?.aborted) break;
  }
  const { history } = training.progress;
  yield {
    event: "end",
    reason: reason ?? "interrupted",
    epochs: history.length,
    exactMatch: history.at(-1)?.exactMatch ?? null,
  };
}

/** Both sides of a split where steps take their batches from. */
interface HeldSplit extends Disposable {
  readonly training: ResidentDataset;
  readonly validation: ResidentDataset;
}

function holdSplit(split: Split): HeldSplit {
  const training = holdDataset(split.training);
  const validation = holdDataset(split.validation);
  return {
    training,
    validation,
    [Symbol.dispose](): void {
      training[Symbol.dispose]();
      validation[Symbol.dispose]();
    },
  };
}

/** Takes the steps of the current epoch that are left. */
async function* takeEpoch(
  training: Training,
  held: HeldSplit,
  signal: AbortSignal | undefined,
  now: Clock,
): AsyncGenerator<StepEvent, void> {
  const { model, optimizer, options } = training;
  const { batchSize, beta1, beta2, epsilon, weightDecay, clipNorm } = options;
  const epoch = training.progress.history.length + 1;
  const batchesAnEpoch = countBatches(held.training.dataset, batchSize);
  const steps = batchesAnEpoch * options.epochs;
  const which = { seed: options.seed, epoch };
  const turns = { now, ...(signal && { signal }) };
  const order = await unlessAborted(
    shuffleForEpochInTurns(held.training.dataset, which, turns),
    signal,
  );
  if (order === undefined) return;
  const pause = createPause(now);
  const unread: UnreadStep[] = [];
  let started = 0;
  for (
    const batch of held.training.batches({ batchSize, order, from: training.progress.batch })
  ) {
    if (unread.length === 0) {
      if (signal?.aborted) return;
      started = now();
    }
    const step = training.progress.step + unread.length + 1;
    const learningRate = learningRateAt(step, steps, options);
    const update = { step, learningRate, beta1, beta2, epsilon, weightDecay, clipNorm };
    const figures = takeStep(model, optimizer, batch, update);
    unread.push({ step, learningRate, size: batch.size, figures });
    const isLast = training.progress.batch + unread.length === batchesAnEpoch;
    if (unread.length < stepsPerReading() && !isLast) continue;
    const read = await readSteps(training, unread.splice(0));
    const { progress } = training;
    training.progress = { ...progress, elapsedMs: progress.elapsedMs + (now() - started) };
    for (const each of read) yield { event: "step", epoch, steps, ...each };
    await pause();
  }
}

/** A step whose figures are still on the device. */
interface UnreadStep {
  readonly step: number;
  readonly learningRate: number;
  /** Examples of its batch. */
  readonly size: number;
  readonly figures: ReturnType<typeof takeStep>;
}

/** Reads the figures of steps that were taken and moves the progress on. @throws {NonFiniteLossError} if a loss is not finite */
async function readSteps(
  training: Training,
  steps: readonly UnreadStep[],
): Promise<Pick<StepEvent, "step" | "learningRate" | "loss" | "characterAccuracy">[]> {
  const all = await readFiguresTogether(steps.map(({ figures }) => figures));
  const { step, batch } = training.progress;
  let { lossSum } = training.progress;
  const read = steps.map(({ size, learningRate, step: number }, i) => {
    const { loss, characterAccuracy } = all[i]!;
    if (!Number.isFinite(loss)) throw new NonFiniteLossError(number, loss);
    lossSum += loss * size;
    return { step: number, loss, characterAccuracy, learningRate };
  });
  const count = steps.length;
  training.progress = { ...training.progress, step: step + count, batch: batch + count, lossSum };
  return read;
}

/** Measures the epoch that is done and closes it; undefined where the signal aborted the measurement. */
async function measureEpoch(
  training: Training,
  held: HeldSplit,
  options: Pick<EvaluateOptions, "signal" | "answers" | "now">,
): Promise<EpochMetrics | undefined> {
  const { step, lossSum, elapsedMs, history } = training.progress;
  const evaluation = await unlessAborted(
    measureDataset(training.model, held.validation, options),
    options.signal,
  );
  if (evaluation === undefined) return undefined;
  const { loss: validationLoss, characterAccuracy, exactMatch } = evaluation;
  if (!Number.isFinite(validationLoss)) throw new NonFiniteLossError(step, validationLoss);
  const metrics: EpochMetrics = {
    epoch: history.length + 1,
    step,
    loss: lossSum / held.training.dataset.count,
    validationLoss,
    characterAccuracy,
    exactMatch,
    elapsedMs,
  };
  training.progress = { step, batch: 0, lossSum: 0, elapsedMs: 0, history: [...history, metrics] };
  return metrics;
}

/** Waits for a result; undefined where the signal aborted the work on it. */
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
