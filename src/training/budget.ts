/** Plans a training by time: how many epochs, of how many examples, end about when the time is over. @module */
import type { Examples, Executor, StepsPlan } from "../device/executor.ts";
import { checkModel } from "../model/in_use.ts";
import type { Model } from "../model/model.ts";
import { forkPrng } from "../random/prng.ts";
import type { Clock } from "../time/clock.ts";
import { createPause } from "../time/pause.ts";
import { MAX_EPOCHS, type TrainingOptions } from "./options.ts";
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
  /** Stops the measurement. */
  readonly signal?: AbortSignal;
}

/** Most examples that are measured at once. */
const MOST_MEASURED = 4096;

/**
 * Measures how fast a model is trained, by steps with the learning rate 0 on examples without a meaning. The parameters do not
 * change. The first steps are not counted: code is compiled and memory is touched for the first time.
 *
 * @throws the signal's reason, if it aborts
 */
export async function measureSpeed(
  model: Model,
  training: TrainingOptions,
  { now, atLeastMs, signal }: SpeedOptions,
): Promise<Speed> {
  checkModel("measure the speed", model);
  const { executor } = model;
  const count = Math.max(training.batchSize, Math.min(executor.examplesAtOnce, MOST_MEASURED));
  using examples = executor.hold(makeMeaningless(model, count));
  using optimizer = executor.createOptimizer(optimizerSettings(training));
  const pause = createPause(now);
  const timeStep = async (wantedMs: number): Promise<number> => {
    const started = now();
    let taken = 0;
    do {
      const bunch = Math.max(1, taken); // doubles, so that a GPU waits for the host ever less
      await takeSteps(executor, { examples, optimizer, batchSize: training.batchSize }, bunch);
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
  given: Pick<StepsPlan, "examples" | "optimizer" | "batchSize">,
  count: number,
): Promise<void> {
  const { batchSize } = given;
  using steps = executor.begin({
    ...given,
    ...{ order: new Uint32Array(count * batchSize).map((_, i) => i % batchSize), from: 0, step: 0 },
    learningRate: () => 0,
  });
  while (steps.left > 0) {
    steps.take();
    await steps.figures();
  }
  await steps.settle();
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
