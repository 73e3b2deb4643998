/** Steps of the reference: one is taken at a time. @module */
import { checkTake } from "../check_arguments.ts";
import type { BatchFigures, Steps, StepsPlan } from "../executor.ts";
import type { StepRates } from "./reference_optimizer.ts";

/** What the steps need of their executor. */
export interface StepsOwner {
  /** Takes a step with a batch. @returns its figures, when they have been read */
  take(rows: Uint32Array, rates: StepRates): Promise<BatchFigures>;
  /** Ends the steps, so that others may begin. */
  end(): void;
}

/** Steps of a plan that was checked. */
export class ReferenceSteps implements Steps {
  readonly #plan: StepsPlan;
  readonly #owner: StepsOwner;
  readonly #order: Uint32Array;
  #taken = 0;
  #figures: Promise<BatchFigures>[] = [];
  #ended = false;

  constructor(plan: StepsPlan, owner: StepsOwner) {
    this.#plan = plan;
    this.#owner = owner;
    this.#order = plan.order.slice();
  }

  get left(): number {
    const { from, batchSize } = this.#plan;
    return Math.ceil(this.#order.length / batchSize) - from - this.#taken;
  }

  take(most = Infinity): number {
    checkTake({ ended: this.#ended, left: this.left }, most);
    const { from, batchSize } = this.#plan;
    const start = (from + this.#taken) * batchSize;
    const rows = this.#order.subarray(start, start + batchSize);
    const step = this.#plan.step + this.#taken + 1;
    const learningRate = this.#plan.learningRate(step);
    const figures = this.#owner.take(rows, { step, learningRate });
    figures.catch(() => {}); // the caller learns of it from `figures`, or does not ask any more
    this.#figures.push(figures);
    this.#taken++;
    return 1;
  }

  figures(): Promise<readonly BatchFigures[]> {
    return this.settle(); // no second step is taken before the first is done
  }

  async settle(): Promise<readonly BatchFigures[]> {
    const figures = this.#figures;
    this.#figures = [];
    return await Promise.all(figures);
  }

  [Symbol.dispose](): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#owner.end();
  }
}
