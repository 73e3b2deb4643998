/** The training loop. @module */
import {
  checkValue,
  type Resolved,
  resolveOptions,
  type Rules,
} from "../arguments/resolve_options.ts";
import { BOOLEAN, integer, objectRule, optional, SIGNAL } from "../arguments/rule.ts";
import { checkDataset } from "../dataset/dataset.ts";
import { countBatches } from "../dataset/batches.ts";
import { drawEpochInTurns } from "../dataset/order.ts";
import type { Split } from "../dataset/split.ts";
import { explainError, stepsPerReading } from "../ops/read_device.ts";
import { holdDataset, type ResidentDataset } from "../ops/resident_dataset/resident_dataset.ts";
import { checkPosition } from "./continuation.ts";
import { checkPractice } from "./practice.ts";
import { checkFit, type EvaluateOptions, measureDataset } from "./evaluate.ts";
import {
  type EndReason,
  NonFiniteLossError,
  type StepEvent,
  type TrainingEvent,
} from "./events.ts";
import { type EpochMetrics, findBest } from "./metrics.ts";
import { CLOCK, type Clock } from "../time/clock.ts";
import { createPause } from "../time/pause.ts";
import { createSteadyClock } from "../time/steady_clock.ts";
import { readFiguresTogether, takeStep } from "./optimizer.ts";
import { drawSamples } from "./samples.ts";
import { learningRateAt } from "./schedule.ts";
import { findStopReason } from "./stop_rules.ts";
import type { Training } from "./training.ts";
import { checkTrainingFits } from "./training_cost.ts";
import { beginLoop, beginSteps, stateOf, type TrainingState, whenAtRest } from "./under_way.ts";

/** Options of {@linkcode train}. */
export interface TrainOptions {
  /** Stops training after the current step. It can be continued from there later. */
  readonly signal?: AbortSignal;
  /** Number of validation questions that are reported with their answers after every epoch, 0 to 1000. Default 5. */
  readonly samples?: number;
  /** Whether to report the answers to the whole validation split after every epoch. Default false. */
  readonly answers?: boolean;
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
  now: CLOCK,
};

/**
 * Trains until a stop rule holds, and reports every step, every epoch, samples, and the end.
 *
 * It prints and writes nothing. Between two events its parameters, moments and progress fit together, so it can be saved
 * then. On `webgpu` they may be a few steps ahead of a step's event, because figures are read once every few steps. A
 * training that is saved and continued gives the same result as one without interruption, on the CPU bit for bit.
 *
 * Only one loop at a time may train a model.
 *
 * @throws {TypeError} at the call, if the split does not fit the model, or an option is unknown or has a wrong type
 * @throws {RangeError} at the call, if an option is out of its range, or the split is not the one that the training began with,
 *   or a step does not fit the device
 * @throws {Error} if the training was disposed of, is on a backend that is not in use, or is in another loop
 * @throws {NonFiniteLossError} if the loss is not finite
 * @throws {Error} if the device was lost; the message says how to continue
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
  checkTrainingFits(training.model.config, batchSize);
  return state;
}

/** The options of `train()` with their defaults. */
type ResolvedOptions = Resolved<TrainOptions, Required<Omit<TrainOptions, "signal">>>;

async function* runLoop(
  training: Training,
  split: Split,
  options: ResolvedOptions,
): AsyncGenerator<TrainingEvent, void> {
  using _loop = beginLoop(training);
  const state = await whenAtRest(ACTION, training);
  checkUse(training, split); // time may have passed since the call
  try {
    yield* takeEpochs({ training, state }, split, options);
  } catch (error) {
    await explainError(error);
  }
}

/** A training and its internal state. */
interface ActiveTraining {
  readonly training: Training;
  readonly state: TrainingState;
}

async function* takeEpochs(
  active: ActiveTraining,
  split: Split,
  options: ResolvedOptions,
): AsyncGenerator<TrainingEvent, void> {
  const { training } = active;
  const { signal, samples } = options;
  const { count, outputLength } = split.validation;
  const now = createSteadyClock(options.now);
  using held = holdSplit(split, training.options.swap);
  let reason: EndReason | undefined = findStopReason(training);
  while (reason === undefined) {
    yield* takeEpoch(active, held, signal, now);
    if (signal?.aborted) break;
    const answers = options.answers ? new Uint8Array(count * outputLength) : undefined;
    const metrics = await measureEpoch(active, held, {
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

/** Both sides of a split, held for the backend that takes the steps. */
interface HeldSplit extends Disposable {
  readonly split: Split;
  /** The training side; with `swap` it has the swapped forms too. */
  readonly training: ResidentDataset;
  readonly validation: ResidentDataset;
}

function holdSplit(split: Split, swap: boolean): HeldSplit {
  const training = holdDataset(swap ? split.withSwapped! : split.training);
  const validation = holdDataset(split.validation);
  return {
    split,
    training,
    validation,
    [Symbol.dispose](): void {
      training[Symbol.dispose]();
      validation[Symbol.dispose]();
    },
  };
}

/** Takes the remaining steps of the current epoch. */
async function* takeEpoch(
  { training, state }: ActiveTraining,
  held: HeldSplit,
  signal: AbortSignal | undefined,
  now: Clock,
): AsyncGenerator<StepEvent, void> {
  const { model, optimizer, options } = training;
  const { batchSize, beta1, beta2, epsilon, weightDecay, clipNorm } = options;
  const epoch = training.progress.history.length + 1;
  const { training: examples, weights } = held.split;
  const batchesAnEpoch = countBatches(examples, batchSize);
  const steps = batchesAnEpoch * options.epochs;
  const shuffle = { seed: options.seed, epoch };
  const draw = { ...shuffle, swap: options.swap, ...(options.weighted && { weights }) };
  const turns = { now, ...(signal && { signal }) };
  const order = await unlessAborted(drawEpochInTurns(examples.count, draw, turns), signal);
  if (order === undefined) return;
  const pause = createPause(now);
  const which = { batchSize, order, from: state.progress.batch };
  const batches = held.training.batches(which)[Symbol.iterator]();
  while (state.progress.batch < batchesAnEpoch) {
    if (signal?.aborted) return;
    stateOf(ACTION, training); // it may have been disposed of meanwhile
    const read = await takeSteps(state, () => {
      const started = now();
      const taken: UnreadStep[] = [];
      for (const batch of takeSome(batches, stepsPerReading())) {
        const step = state.progress.step + taken.length + 1;
        const learningRate = learningRateAt(step, steps, options);
        const update = { step, learningRate, beta1, beta2, epsilon, weightDecay, clipNorm };
        const figures = takeStep(model, optimizer, batch, update);
        taken.push({ step, learningRate, size: batch.size, figures });
      }
      return readSteps(state, taken, () => now() - started);
    });
    for (const each of read) yield { event: "step", epoch, steps, ...each };
    await pause();
  }
}

/** Takes some steps and reads their figures. Parameters and progress fit together again when it ends, unless it fails. */
async function takeSteps(
  state: TrainingState,
  take: () => Promise<StepFigures[]>,
): Promise<StepFigures[]> {
  using _steps = beginSteps(state);
  try {
    return await take();
  } catch (error) {
    state.failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  }
}

/** Takes at most so many of an iterator's next values. */
function* takeSome<T>(values: Iterator<T>, most: number): Generator<T, void> {
  for (let i = 0; i < most; i++) {
    const { done, value } = values.next();
    if (done) return;
    yield value;
  }
}

/** The figures of a step that are reported. */
type StepFigures = Pick<StepEvent, "step" | "learningRate" | "loss" | "characterAccuracy">;

/** A step whose figures are still on the device. */
interface UnreadStep {
  readonly step: number;
  readonly learningRate: number;
  /** Examples of its batch. */
  readonly size: number;
  readonly figures: ReturnType<typeof takeStep>;
}

/** Reads the figures of steps that were taken and updates the progress. @throws {NonFiniteLossError} if a loss is not finite */
async function readSteps(
  state: TrainingState,
  steps: readonly UnreadStep[],
  elapsedMs: () => number,
): Promise<StepFigures[]> {
  const all = await readFiguresTogether(steps.map(({ figures }) => figures));
  const { progress } = state;
  let { lossSum } = progress;
  const read = steps.map(({ size, learningRate, step: number }, i) => {
    const { loss, characterAccuracy } = all[i]!;
    if (!Number.isFinite(loss)) throw new NonFiniteLossError(number, loss);
    lossSum += loss * size;
    return { step: number, loss, characterAccuracy, learningRate };
  });
  const count = steps.length;
  state.progress = Object.freeze({
    step: progress.step + count,
    batch: progress.batch + count,
    lossSum,
    elapsedMs: progress.elapsedMs + elapsedMs(),
    history: progress.history,
  });
  return read;
}

/** Measures the completed epoch and adds it to the history. It gives undefined if the signal aborted the measurement. */
async function measureEpoch(
  { training, state }: ActiveTraining,
  held: HeldSplit,
  options: Pick<EvaluateOptions, "signal" | "answers" | "now">,
): Promise<EpochMetrics | undefined> {
  const { step, lossSum, elapsedMs, history } = state.progress;
  const evaluation = await unlessAborted(
    measureDataset(training.model, held.validation, options),
    options.signal,
  );
  if (evaluation === undefined) return undefined;
  const { loss: validationLoss, characterAccuracy, exactMatch } = evaluation;
  if (!Number.isFinite(validationLoss)) throw new NonFiniteLossError(step, validationLoss);
  const metrics: EpochMetrics = Object.freeze({
    epoch: history.length + 1,
    step,
    loss: lossSum / held.split.training.count,
    validationLoss,
    characterAccuracy,
    exactMatch,
    elapsedMs,
  });
  const epochs = Object.freeze([...history, metrics]);
  state.progress = Object.freeze({ step, batch: 0, lossSum: 0, elapsedMs: 0, history: epochs });
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
