/** Steps on the processor: each is done when it was taken. @module */
import type { Network } from "../../network/network.ts";
import type { BatchFigures, Steps, StepsPlan } from "../executor.ts";
import type { Engine } from "./engine.ts";
import type { PlacedExamples } from "./held.ts";
import { countMultiplyAdds } from "./layer_sizes.ts";
import type { TrainingBatch } from "./training_pass.ts";

/** What the steps are taken with. */
export interface CpuStepsOptions {
  readonly network: Network;
  readonly engine: Engine;
  readonly examples: PlacedExamples;
  /** Takes a step. @param step its number, from 1 */
  readonly takeStep: (batch: TrainingBatch, step: number) => BatchFigures;
  readonly onDispose: () => void;
}

/** Multiply-adds of a few milliseconds; the event loop has a turn after them. */
const WORK_AT_ONCE = 1e7;

/** Most steps taken at once. */
const MOST_STEPS = 64;

/** Begins a plan: copies its order into memory. @throws {RangeError} if it does not fit, or a row is not below the count of the examples */
export function createCpuSteps(plan: StepsPlan, options: CpuStepsOptions): Steps {
  const { order, batchSize, examples: { count } } = plan;
  const { network, engine, examples, takeStep, onDispose } = options;
  const wrong = order.find((row) => row >= count);
  if (wrong !== undefined) {
    throw new RangeError(`Cannot train: every row must be below ${count}, but one is ${wrong}`);
  }
  const { heap } = engine;
  const address = heap.allocate(4 * order.length);
  new Uint32Array(heap.memory.buffer, address, order.length).set(order);
  const batches = Math.ceil(order.length / batchSize);
  const work = Math.max(1, 3 * countMultiplyAdds(network, batchSize));
  const most = Math.max(1, Math.min(MOST_STEPS, Math.floor(WORK_AT_ONCE / work)));
  let taken = plan.from;
  let figures: BatchFigures[] = [];
  let disposed = false;
  const takeOne = (): void => {
    const first = taken * batchSize;
    const { sources, targets } = examples;
    const batch = {
      examples: Math.min(batchSize, order.length - first),
      input: { sources, targets, order: address, first },
    };
    figures.push(takeStep(batch, plan.step + taken - plan.from + 1));
    taken++;
  };
  const give = (): Promise<BatchFigures[]> => {
    const given = figures;
    figures = [];
    return Promise.resolve(given);
  };
  return {
    get left(): number {
      return Math.max(0, batches - taken);
    },
    take(): number {
      if (disposed) throw new Error("Cannot take a step: its plan was disposed of");
      const number = Math.min(most, batches - taken);
      for (let i = 0; i < number; i++) takeOne();
      return Math.max(0, number);
    },
    figures: give,
    settle: give,
    [Symbol.dispose](): void {
      if (disposed) return;
      disposed = true;
      heap.free(address);
      onDispose();
    },
  };
}
