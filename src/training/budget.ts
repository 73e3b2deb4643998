/** Plans a training by time: how many epochs, of how many examples, end about when the time is over. @module */
import type { Dataset } from "../dataset/dataset.ts";
import { drawEpochInTurns } from "../dataset/order.ts";
import { measureRows, sortBatches } from "../dataset/sort_batches.ts";
import type { Examples, Executor, StepsPlan } from "../device/executor.ts";
import { checkModel } from "../model/in_use.ts";
import type { Model } from "../model/model.ts";
import { forkPrng } from "../random/prng.ts";
import type { Clock } from "../time/clock.ts";
import { createPause } from "../time/pause.ts";
import { runInTurns, type TurnOptions } from "../time/slices.ts";
import { MAX_EPOCHS, type TrainingOptions } from "./options.ts";
import { regularizationOf } from "./regularization.ts";
import { optimizerSettings } from "./restore_optimizer.ts";

/** How fast a device trains a model. */
export interface Speed {
  /** Time of a step, in milliseconds. */
  readonly stepMs: number;
  /** Time to measure a held-out example after an epoch, in milliseconds. */
  readonly measureMs: number;
}

/** How to measure the speed. */
export interface SpeedOptions {
  /** Measures the time. */
  readonly now: Clock;
  /** Time that the measured steps take at least, in milliseconds; those before them take half as much. */
  readonly atLeastMs: number;
  /**
   * Examples of the training: with attention, the lengths of texts decide how long a step takes. Default: examples without a meaning,
   * all as long as possible.
   */
  readonly examples?: Dataset;
  /** Stops the measurement. */
  readonly signal?: AbortSignal;
}

/** Most examples that are measured at once. */
const MOST_MEASURED = 4096;

/**
 * Measures how fast a model is trained, by steps with the learning rate 0. The parameters do not
 * change. The first steps are not counted: code is compiled and memory is touched for the first time.
 *
 * @throws the signal's reason, if it aborts
 */
export async function measureSpeed(
  model: Model,
  training: TrainingOptions,
  { now, atLeastMs, examples: given, signal }: SpeedOptions,
): Promise<Speed> {
  checkModel("measure the speed", model);
  const { executor } = model;
  const { batchSize } = training;
  const wanted = Math.max(batchSize, Math.min(executor.examplesAtOnce, MOST_MEASURED));
  const count = Math.min(wanted, given?.count ?? wanted);
  using examples = executor.hold(given ?? makeMeaningless(model, count));
  using optimizer = executor.createOptimizer(optimizerSettings(training));
  const regularization = regularizationOf(training);
  const plan = { examples, optimizer, batchSize, ...(regularization && { regularization }) };
  const rows = given === undefined
    ? listRows(batchSize)
    : await drawRows(given, training, signal && { signal });
  const pause = createPause(now);
  let all = 0;
  const timeStep = async (wantedMs: number): Promise<number> => {
    const started = now();
    let taken = 0;
    do {
      const bunch = Math.max(1, taken); // doubles, so that a GPU waits for the host ever less
      const order = new Uint32Array(bunch * batchSize)
        .map((_, i) => rows[(all * batchSize + i) % rows.length]!);
      await takeSteps(executor, { ...plan, order });
      all += bunch;
      taken += bunch;
      await pause();
      signal?.throwIfAborted();
    } while (now() - started < wantedMs);
    return (now() - started) / taken;
  };
  await timeStep(atLeastMs / 2);
  const stepMs = await timeStep(atLeastMs);
  const started = now();
  await executor.measure(examples, { from: 0, to: count, answers: true });
  return { stepMs, measureMs: (now() - started) / count };
}

/** Takes steps with the learning rate 0, and waits for them. */
async function takeSteps(
  executor: Executor,
  given: Omit<StepsPlan, "from" | "step" | "learningRate">,
): Promise<void> {
  using steps = executor.begin({ ...given, from: 0, step: 0, learningRate: () => 0 });
  while (steps.left > 0) {
    steps.take();
    await steps.figures();
  }
  await steps.settle();
}

function listRows(count: number): Uint32Array {
  return new Uint32Array(count).map((_, row) => row);
}

/** Draws the rows of batches as a training does. Those that make no whole batch are left out, unless they are all. */
async function drawRows(
  examples: Dataset,
  { batchSize, seed }: TrainingOptions,
  turns: TurnOptions = {},
): Promise<Uint32Array> {
  const { count } = examples;
  const order = await drawEpochInTurns(count, { seed, epoch: 1 }, turns);
  const measures = await runInTurns(measureRows(examples), count, turns);
  await runInTurns(sortBatches(order, { batchSize, measures }), count, turns);
  return order.subarray(0, Math.max(1, Math.floor(count / batchSize)) * batchSize);
}

/** Makes examples of any indices: their values do not decide how long a step takes. */
function makeMeaningless({ executor: { network } }: Model, count: number): Examples {
  const { inputLength, outputLength, sourceVocabularySize, targetVocabularySize } = network;
  const prng = forkPrng(0, "speed");
  return {
    count,
    sources: new Uint8Array(count * inputLength).map(() => prng.nextInt(sourceVocabularySize)),
    targets: new Uint8Array(count * outputLength).map(() => prng.nextInt(targetVocabularySize)),
  };
}

/** What a plan is made for. */
export interface BudgetTask {
  /** Time from now until the training shall end, in milliseconds. */
  readonly leftMs: number;
  /** The speed. */
  readonly speed: Speed;
  /** Number of examples of a step. */
  readonly batchSize: number;
  /** Number of examples, with those that are held back. */
  readonly examples: number;
  /** Number of those that are held back. */
  readonly heldBack: number;
  /** Most examples that there can be; undefined if their number must stay. */
  readonly mostExamples: number | undefined;
}

/** A training that ends about when the time is over. */
export interface BudgetPlan {
  /** Number of epochs. */
  readonly epochs: number;
  /** Number of examples, with those that are held back. */
  readonly examples: number;
  /** Time that it is expected to take, in milliseconds. */
  readonly expectedMs: number;
}

/** From this number of epochs on it is rounded: the time is then wrong by a twentieth at most. */
const MANY_EPOCHS = 10;
/** Fewest examples that a plan asks for. */
const FEWEST_EXAMPLES = 100;

/**
 * Plans the longest training that ends about when the time is over: at least one epoch. If the number of examples may change,
 * few epochs are made shorter or longer, so that the time is met.
 */
export function planBudget(task: BudgetTask): BudgetPlan {
  const { leftMs, examples, mostExamples } = task;
  const fitting = leftMs / countEpochMs(task, examples);
  if (mostExamples === undefined || fitting >= MANY_EPOCHS) {
    return describePlan(task, Math.floor(fitting), examples);
  }
  const rounded = Math.max(1, Math.round(fitting));
  const epochs = examples * fitting / rounded > mostExamples ? Math.ceil(fitting) : rounded;
  const wanted = Math.round(examples * fitting / epochs);
  return describePlan(task, epochs, Math.max(Math.min(FEWEST_EXAMPLES, examples), wanted));
}

function describePlan(task: BudgetTask, wanted: number, examples: number): BudgetPlan {
  const epochs = Math.max(1, Math.min(wanted, MAX_EPOCHS));
  return { epochs, examples, expectedMs: epochs * countEpochMs(task, examples) };
}

/** Gives the time of an epoch: its steps and its measurement. */
function countEpochMs({ speed, batchSize, examples, heldBack }: BudgetTask, of: number): number {
  const held = Math.round(of * heldBack / examples);
  return Math.ceil((of - held) / batchSize) * speed.stepMs + held * speed.measureMs;
}
