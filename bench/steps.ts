/** Training steps of the notebook's model on a device, for benches. Every step takes the same batch. @module */
import type {
  BatchFigures,
  Device,
  Executor,
  HeldExamples,
  StepsPlan,
} from "../src/device/executor.ts";
import type { Cell } from "../src/network/config.ts";
import { describeNetwork } from "../src/network/describe_network.ts";
import {
  configureTask,
  makeBatch,
  makeFirstWeights,
  NOTEBOOK_ADAM,
  NOTEBOOK_RATE,
} from "./task.ts";

/** Sizes that a bench may vary. */
export interface StepSizes {
  readonly hiddenSize: number;
  readonly digits: number;
  readonly batchSize: number;
  /** Default: an LSTM, as in the notebook. */
  readonly cell?: Cell;
}

/** A model whose steps can be taken. */
export interface Stepper extends Disposable {
  readonly executor: Executor;
  /** The examples of the batch. */
  readonly examples: HeldExamples;
  /** Takes steps as the training does: figures are read when they are there. */
  take(count: number): Promise<Taken>;
}

/** Steps that were taken. */
export interface Taken {
  readonly figures: readonly BatchFigures[];
  /** Time in `begin()` and `take()`: JavaScript, and on the CPU the steps themselves. */
  readonly callsMs: number;
}

/** Loads the model of the comparison, with its first weights. */
export async function loadStepper(device: Device, sizes: StepSizes): Promise<Stepper> {
  const { hiddenSize, digits, batchSize, cell = "lstm" } = sizes;
  const config = { ...configureTask(hiddenSize, digits), cell };
  const executor = await device.load(
    describeNetwork(config),
    makeFirstWeights(config).map(({ values }) => values),
  );
  const examples = executor.hold(makeBatch(config, batchSize));
  const optimizer = executor.createOptimizer(NOTEBOOK_ADAM);
  let step = 0;

  function plan(count: number): StepsPlan {
    const order = Uint32Array.from({ length: count * batchSize }, (_, i) => i % batchSize);
    const given = { examples, optimizer, order, batchSize, from: 0, step };
    step += count;
    return { ...given, learningRate: () => NOTEBOOK_RATE };
  }

  async function take(count: number): Promise<Taken> {
    const planned = plan(count);
    const figures: BatchFigures[] = [];
    let started = performance.now();
    using steps = executor.begin(planned);
    let callsMs = performance.now() - started;
    while (steps.left > 0) {
      started = performance.now();
      steps.take();
      callsMs += performance.now() - started;
      figures.push(...await steps.figures());
    }
    figures.push(...await steps.settle());
    return { figures, callsMs };
  }

  return { executor, examples, take, [Symbol.dispose]: () => executor[Symbol.dispose]() };
}
