/** Steps on the processor: each is done when it was taken. @module */
import { checkTake } from "../check_arguments.ts";
import type { BatchFigures, Steps, StepsPlan } from "../executor.ts";
import type { Engine } from "./engine.ts";

/** Some rows of the order, and the number of a step, from 1. */
export interface StepRows {
  /** Address of the order, uint32, and place of the first row in it. */
  readonly order: number;
  readonly first: number;
  readonly examples: number;
  readonly step: number;
  readonly learningRate: number;
}

/** What the steps need of their executor. */
export interface StepsOwner {
  readonly engine: Engine;
  /** Number of steps that take a few milliseconds, at least one. */
  readonly stepsAtOnce: number;
  /** Takes a step. */
  take(rows: StepRows): BatchFigures;
  /** Ends the steps, so that others may begin. */
  end(): void;
}

/** Steps of a plan that was checked. */
export class CpuSteps implements Steps {
  readonly #plan: StepsPlan;
  readonly #owner: StepsOwner;
  /** Address of the order. */
  readonly #order: number;
  readonly #rows: number;
  #taken = 0;
  #figures: BatchFigures[] = [];
  #ended = false;

  /** Copies the order into memory. @throws {RangeError} if it does not fit */
  constructor(plan: StepsPlan, owner: StepsOwner) {
    const { heap } = owner.engine;
    this.#plan = plan;
    this.#owner = owner;
    this.#rows = plan.order.length;
    this.#order = heap.allocate(4 * this.#rows);
    new Uint32Array(heap.memory.buffer, this.#order, this.#rows).set(plan.order);
  }

  get left(): number {
    const { from, batchSize } = this.#plan;
    return Math.ceil(this.#rows / batchSize) - from - this.#taken;
  }

  take(most = Infinity): number {
    checkTake({ ended: this.#ended, left: this.left }, most);
    const count = Math.min(most, this.left, this.#owner.stepsAtOnce);
    for (let i = 0; i < count; i++) this.#takeOne();
    return count;
  }

  #takeOne(): void {
    const { from, batchSize } = this.#plan;
    const first = (from + this.#taken) * batchSize; // fault point: first row of a batch
    const step = this.#plan.step + this.#taken + 1; // fault point: number of a step
    this.#figures.push(this.#owner.take({
      ...{ order: this.#order, first, step },
      examples: Math.min(batchSize, this.#rows - first),
      learningRate: this.#plan.learningRate(step),
    }));
    this.#taken++;
  }

  figures(): Promise<readonly BatchFigures[]> {
    return this.settle();
  }

  async settle(): Promise<readonly BatchFigures[]> {
    const figures = this.#figures;
    this.#figures = [];
    await this.#owner.engine.starting;
    return figures;
  }

  [Symbol.dispose](): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#owner.engine.heap.free(this.#order);
    this.#owner.end();
  }
}
