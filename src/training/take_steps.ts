/** Takes the steps of an epoch, and counts them in the progress when their figures come. @module */
import type { BatchFigures, HeldExamples, Steps } from "../device/executor.ts";
import type { Clock } from "../time/clock.ts";
import { NonFiniteLossError, type StepEvent } from "./events.ts";
import { regularizationOf } from "./regularization.ts";
import { learningRateAt } from "./schedule.ts";
import type { Training } from "./training.ts";
import type { StepsUnderWay, TrainingState } from "./under_way.ts";

/** A training and its internal state. */
export interface ActiveTraining {
  readonly training: Training;
  readonly state: TrainingState;
}

/** What the steps of an epoch are taken of. */
export interface EpochPlan {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** The examples. */
  readonly examples: HeldExamples;
  /** Rows of the examples, in the order of the epoch. */
  readonly order: Uint32Array;
  /** Number of all steps of the training. */
  readonly steps: number;
  /** No step after a multiple of this is taken before that step is in the progress; undefined: no such step. */
  readonly settleEvery: number | undefined;
  /** Measures training time. */
  readonly now: Clock;
}

/**
 * The steps of an epoch. They are taken in bunches, and their figures come in bunches too, on `webgpu` much later.
 *
 * Declare it with `await using`: leaving the block waits for the steps that were taken, so that parameters, moments and progress
 * fit together.
 */
export class EpochSteps implements StepsUnderWay, AsyncDisposable {
  readonly #active: ActiveTraining;
  readonly #plan: EpochPlan;
  readonly #steps: Steps;
  #events: StepEvent[] = [];
  #uncounted = 0;
  /** Time of these steps that is not in the progress yet, in milliseconds. */
  #elapsedMs = 0;
  /** The last reading that was begun, and the number of those that have not ended. */
  #lastRead: Promise<void> | undefined;
  #reading = 0;
  #ended = false;

  /** Begins. No step is taken yet. */
  constructor(active: ActiveTraining, plan: EpochPlan) {
    const { training: { model, optimizer, options }, state } = active;
    const { batch: from, step } = state.progress; // fault point: position in an epoch
    const { examples, order } = plan;
    const regularization = regularizationOf(options);
    this.#active = active;
    this.#plan = plan;
    this.#steps = model.executor.begin({
      ...{ examples, optimizer, order, batchSize: options.batchSize, from, step },
      ...(regularization && { regularization }),
      learningRate: (number) => learningRateAt(number, plan.steps, options),
    });
    state.steps = this;
  }

  /** Number of batches of the epoch that are not taken yet. */
  get left(): number {
    return this.#steps.left;
  }

  /** Number of steps that were taken and are not in the progress yet. */
  get uncounted(): number {
    return this.#uncounted;
  }

  /** Takes some of the next steps, and counts those whose figures are there. @throws {Error} if one failed */
  async advance(): Promise<void> {
    const { now } = this.#plan;
    const started = now();
    const most = this.#countToSettling();
    let taken: number;
    try {
      taken = this.#steps.take(most);
    } catch (error) {
      throw this.#noteFailure(error);
    }
    this.#uncounted += taken;
    this.#elapsedMs += now() - started;
    await (taken === most ? this.settle() : this.#read(() => this.#steps.figures()));
  }

  /** Counts the steps up to the next one after which all must be in the progress. */
  #countToSettling(): number {
    const { settleEvery } = this.#plan;
    if (settleEvery === undefined) return Infinity;
    const taken = this.#active.state.progress.step + this.#uncounted;
    return settleEvery - taken % settleEvery;
  }

  /** Waits until all steps that were taken are done and in the progress. @throws {Error} if one failed */
  settle(): Promise<void> {
    return this.#read(() => this.#steps.settle());
  }

  /** Gives the events of the steps that were counted and not given yet, in order. */
  takeEvents(): readonly StepEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Ends without waiting. */
  [Symbol.dispose](): void {
    const { state } = this.#active;
    if (!this.#ended) this.#steps[Symbol.dispose]();
    this.#ended = true;
    if (state.steps === this) state.steps = undefined;
  }

  /** Waits for the steps that were taken, and ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { training: { model }, state } = this.#active;
    try {
      const canSettle = !this.#ended && !model.executor.disposed && state.failure === undefined;
      if (canSettle) await this.settle();
    } finally {
      this[Symbol.dispose]();
    }
  }

  /** Reads figures after those that are being read. */
  #read(figures: () => Promise<readonly BatchFigures[]>): Promise<void> {
    return this.#lastRead = this.#readAfter(this.#lastRead, figures);
  }

  async #readAfter(
    before: Promise<void> | undefined,
    figures: () => Promise<readonly BatchFigures[]>,
  ): Promise<void> {
    const { now } = this.#plan;
    const isFirst = this.#reading++ === 0;
    try {
      if (!isFirst) await before;
      if (this.#uncounted === 0 || this.#ended) return;
      const started = now();
      const found = await figures();
      this.#elapsedMs += now() - started;
      this.#count(found);
    } catch (error) {
      throw this.#noteFailure(error);
    } finally {
      this.#reading--;
    }
  }

  /** Counts steps in the progress and makes their events. @throws {NonFiniteLossError} if a loss is not finite */
  #count(figures: readonly BatchFigures[]): void {
    const { training: { options }, state } = this.#active;
    const { epoch, order, steps } = this.#plan;
    const { batchSize } = options;
    let { step, batch, lossSum } = state.progress;
    const { elapsedMs } = state.progress;
    const wrong = figures.findIndex(({ loss }) => !Number.isFinite(loss));
    const good = wrong < 0 ? figures.length : wrong;
    for (let i = 0; i < good; i++, batch++) {
      const { loss, characterAccuracy } = figures[i]!;
      step++;
      lossSum += loss * Math.min(batchSize, order.length - batch * batchSize);
      const learningRate = learningRateAt(step, steps, options);
      this.#events.push(
        { event: "step", epoch, step, steps, loss, characterAccuracy, learningRate },
      );
    }
    this.#uncounted -= figures.length;
    const totalMs = elapsedMs + this.#elapsedMs;
    this.#elapsedMs = 0;
    state.progress = Object.freeze({ ...state.progress, step, batch, lossSum, elapsedMs: totalMs });
    if (wrong >= 0) throw new NonFiniteLossError(step + 1, figures[wrong]!.loss);
  }

  /** Notes that parameters, moments and progress no longer fit together. */
  #noteFailure(error: unknown): Error {
    const failure = error instanceof Error ? error : new Error(String(error));
    return this.#active.state.failure ??= failure;
  }
}
