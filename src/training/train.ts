/** The training loop. @module */
import {
  checkValue,
  type Resolved,
  resolveOptions,
  type Rules,
} from "../arguments/resolve_options.ts";
import { BOOLEAN, integer, objectRule, optional, SIGNAL } from "../arguments/rule.ts";
import { checkDataset } from "../dataset/dataset.ts";
import { countBatches, shuffleForEpochInTurns } from "../dataset/batches.ts";
import type { Split } from "../dataset/split.ts";
import { explainError, stepsPerReading } from "../ops/read_device.ts";
import { holdDataset, type ResidentDataset } from "../ops/resident_dataset/resident_dataset.ts";
import { checkPosition } from "./continuation.ts";
import { checkFit, type EvaluateOptions, measureDataset } from "./evaluate.ts";
import {
  type EndReason,
  NonFiniteLossError,
  type StepEvent,
  type TrainingEvent,
} from "./events.ts";
import { type EpochMetrics, findBest } from "./metrics.ts";
import { CLOCK, type Clock, createPause } from "../time/pause.ts";
import { createSteadyClock } from "../time/steady_clock.ts";
import { readFiguresTogether, takeStep } from "./optimizer.ts";
import { drawSamples } from "./samples.ts";
import { learningRateAt } from "./schedule.ts";
import { findStopReason } from "./stop_rules.ts";
import type { Training } from "./training.ts";
import { checkTrainingFits } from "./training_cost.ts";
import { beginLoop, beginSteps, stateOf, type TrainingState, whenAtRest } from "./under_way.ts";

/** What a run of `train()` needs besides the training. */
export interface TrainOptions {
  /** Stops training after the current step; it can go on from there later. */
  readonly signal?: AbortSignal;
  /** Questions shown after every epoch, at most 1000. Default 5. */
  readonly samples?: number;
  /** Whether to report how the whole validation split was answered after every epoch. Default false. */
  readonly answers?: boolean;
  /** Default: the platform's monotonic clock. One that is set back does no harm: then no time passes. */
  readonly now?: Clock;
}

const ACTION = "train";
/** Most samples of an epoch: so many fit into a line of a log. The whole validation split comes with `answers`. */
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
 * Nothing is printed or written; between two events the training is at rest, and its parameters, moments and progress
 * fit together: the moment to save it. On `webgpu` they may be some steps further than a step's event: figures are read once
 * every few steps. Going on from what was saved equals not having stopped, bit for bit on the CPU.
 *
 * One loop at a time may change a model.
 *
 * @throws {TypeError} at the call, if the split does not fit the model, or an option is not known or has a wrong type
 * @throws {RangeError} at the call, if an option is out of its range, or the split is not the one that the training began with,
 *   or a step does not fit the device
 * @throws {Error} if the training cannot be used: disposed of, on another backend, or in another loop
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

/** Checks that a training can be taken on with a split, now. */
function checkUse(training: Training, split: Split): TrainingState {
  const state = stateOf(ACTION, training);
  checkValue(ACTION, "the split", split, objectRule());
  for (const side of ["training", "validation"] as const) {
    checkDataset(ACTION, split[side], `the split's ${side}`);
    checkFit(training.model, split[side]);
  }
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

/** A training and its inner state. */
interface Taken {
  readonly training: Training;
  readonly state: TrainingState;
}

async function* takeEpochs(
  taken: Taken,
  split: Split,
  options: ResolvedOptions,
): AsyncGenerator<TrainingEvent, void> {
  const { training } = taken;
  const { signal, samples } = options;
  const { count, outputLength } = split.validation;
  const now = createSteadyClock(options.now);
  using held = holdSplit(split);
  let reason: EndReason | undefined = findStopReason(training);
  while (reason === undefined) {
    yield* takeEpoch(taken, held, signal, now);
    if (signal?.aborted) break;
    const answers = options.answers ? new Uint8Array(count * outputLength) : undefined;
    const metrics = await measureEpoch(taken, held, {
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
  { training, state }: Taken,
  held: HeldSplit,
  signal: AbortSignal | undefined,
  now: Clock,
): AsyncGenerator<StepEvent, void> {
  const { model, optimizer, options } = training;
  const { batchSize, beta1, beta2, epsilon, weightDecay, clipNorm } = options;
  const epoch = training.progress.history.length + 1;
  const batchesAnEpoch = countBatches(held.training.dataset, batchSize);
  const steps = batchesAnEpoch * options.epochs;
  const shuffle = { seed: options.seed, epoch };
  const turns = { now, ...(signal && { signal }) };
  const order = await unlessAborted(
    shuffleForEpochInTurns(held.training.dataset, shuffle, turns),
    signal,
  );
  if (order === undefined) return;
  const pause = createPause(now);
  const which = { batchSize, order, from: state.progress.batch };
  const batches = held.training.batches(which)[Symbol.iterator]();
  while (state.progress.batch < batchesAnEpoch) {
    if (signal?.aborted) return;
    stateOf(ACTION, training); // what was disposed of meanwhile has no memory to compute in
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

/** Takes some steps and reads their figures. Until it has ended, parameters and progress do not fit together; if it fails, never again. */
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

/** Gives up to so many of the values that come next; the others stay. */
function* takeSome<T>(values: Iterator<T>, most: number): Generator<T, void> {
  for (let i = 0; i < most; i++) {
    const { done, value } = values.next();
    if (done) return;
    yield value;
  }
}

/** What is reported of a step. */
type StepFigures = Pick<StepEvent, "step" | "learningRate" | "loss" | "characterAccuracy">;

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

/** Measures the epoch that is done and closes it; undefined where the signal aborted the measurement. */
async function measureEpoch(
  { training, state }: Taken,
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
    loss: lossSum / held.training.dataset.count,
    validationLoss,
    characterAccuracy,
    exactMatch,
    elapsedMs,
  });
  const epochs = Object.freeze([...history, metrics]);
  state.progress = Object.freeze({ step, batch: 0, lossSum: 0, elapsedMs: 0, history: epochs });
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
