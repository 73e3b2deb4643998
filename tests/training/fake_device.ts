/** A device that computes nothing, to test what the training loop asks of one. @module */
import type {
  Answers,
  BatchFigures,
  Device,
  DeviceReport,
  Executor,
  Measurement,
  OptimizerState,
  Steps,
  StepsPlan,
} from "../../src/device/executor.ts";
import { nameOptimizerState } from "../../src/device/optimizer.ts";
import type { Network } from "../../src/network/network.ts";
import type { NamedTensor } from "../../src/network/parameters.ts";

/** How the device behaves. */
export interface FakeOptions {
  /** Number of steps that are taken at once. Default 1. */
  readonly bunch?: number;
  /** Number of bunches by which figures are late. Default 0: they are there at once. */
  readonly late?: number;
  /** Step whose loss is not a number. */
  readonly nanAt?: number;
  /** Step with which the device fails. Its figures, and later ones, never come. */
  readonly failAt?: number;
}

/** What was asked of the device. */
export interface FakeCalls {
  /** Steps that were taken, in order. */
  readonly taken: number[];
  /** Names of the calls, in order: `take`, `figures`, `settle`, `measure`, `answer`, `readState`. */
  readonly names: string[];
  /** Plans of steps, in order. */
  readonly plans: StepsPlan[];
  /** Examples, optimisers and steps that are not disposed of yet. */
  held: number;
}

/** A device, and what was asked of it. */
export interface FakeDevice extends Device {
  readonly calls: FakeCalls;
}

/** The loss that the device reports for a step. */
export function fakeLoss(step: number): number {
  return 1 / step;
}

/** Makes a device. */
export function createFakeDevice(options: FakeOptions = {}): FakeDevice {
  const calls: FakeCalls = { taken: [], names: [], plans: [], held: 0 };
  const report: DeviceReport = {
    ...{ backend: "webgpu", executor: "kernels", requested: "webgpu", threads: 1 },
    ...{ reason: "as the test asks", adapter: "fake" },
  };
  return {
    ...{ calls, report },
    findMisfit: () => undefined,
    load: (network) => Promise.resolve(createExecutor({ network, report, calls, options })),
  };
}

interface Making {
  readonly network: Network;
  readonly report: DeviceReport;
  readonly calls: FakeCalls;
  readonly options: FakeOptions;
}

function createExecutor(making: Making): Executor {
  const { network, report, calls } = making;
  const { outputLength: T, inputLength } = network;
  const state = { changes: 0, disposed: false };
  const hold = <Held extends object>(held: Held): Held & Disposable => {
    calls.held++;
    let isHeld = true;
    return Object.assign(held, {
      [Symbol.dispose]: (): void => {
        calls.held -= Number(isHeld);
        isHeld = false;
      },
    });
  };
  return {
    ...{ report, network, examplesAtOnce: 2 },
    get disposed(): boolean {
      return state.disposed;
    },
    get changes(): number {
      return state.changes;
    },
    hold: ({ count }) => hold({ count }),
    createOptimizer(settings): OptimizerState {
      const held = hold({});
      let ended = false;
      return {
        settings,
        get disposed(): boolean {
          return ended || state.disposed;
        },
        [Symbol.dispose](): void {
          ended = true;
          held[Symbol.dispose]();
        },
      };
    },
    begin(plan): Steps {
      calls.plans.push(plan);
      return hold(createSteps(plan, making, (count) => state.changes += count));
    },
    measure(_, { from, to, answers }): Promise<Measurement> {
      calls.names.push("measure");
      const count = to - from;
      return Promise.resolve({
        ...{ loss: count * T, counted: count * T, characters: 0, exactMatches: 0 },
        ...(answers && { answers: new Uint8Array(count * T) }),
      });
    },
    answer(sources): Promise<Answers> {
      calls.names.push("answer");
      const count = sources.length / inputLength;
      return Promise.resolve({
        characters: new Uint8Array(count * T),
        confidence: new Float32Array(count * T).fill(0.5),
      });
    },
    decode(): never {
      throw new Error("is not asked");
    },
    differentiate: () => Promise.reject(new Error("is not asked")),
    readState(optimizer): Promise<NamedTensor[]> {
      calls.names.push("readState");
      const { parameters } = network;
      const names = [
        ...parameters.map(({ name }) => name),
        ...(optimizer === undefined ? [] : nameOptimizerState("adam", parameters)),
      ];
      return Promise.resolve(names.map((name, i): NamedTensor => {
        const { shape } = parameters[i % parameters.length]!;
        return { name, shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) };
      }));
    },
    writeParameters: () => void state.changes++,
    [Symbol.dispose]: () => void (state.disposed = true),
  };
}

function createSteps(
  { order, batchSize, from, step: before }: StepsPlan,
  { calls, options }: Making,
  change: (count: number) => void,
): Steps {
  const { bunch = 1, late = 0, nanAt, failAt = Infinity } = options;
  const count = Math.ceil(order.length / batchSize) - from;
  const bunches: number[] = [];
  let [taken, given] = [0, 0];
  const give = (number: number): Promise<BatchFigures[]> => {
    const figures: BatchFigures[] = [];
    for (const end = given + number; given < end; given++) {
      const step = before + given + 1;
      if (step >= failAt) return Promise.reject(new Error(`the device failed at step ${step}`));
      const loss = step === nanAt ? NaN : fakeLoss(step);
      figures.push({ loss, characterAccuracy: 0.5, exactMatch: 0 });
    }
    return Promise.resolve(figures);
  };
  return {
    get left(): number {
      return count - taken;
    },
    take(most = Infinity): number {
      calls.names.push("take");
      const number = Math.min(most, bunch, count - taken);
      for (let i = 0; i < number; i++) calls.taken.push(before + ++taken);
      bunches.push(number);
      change(number);
      return number;
    },
    figures(): Promise<BatchFigures[]> {
      calls.names.push("figures");
      return give(bunches.splice(0, Math.max(0, bunches.length - late)).reduce((a, b) => a + b, 0));
    },
    settle(): Promise<BatchFigures[]> {
      calls.names.push("settle");
      return give(bunches.splice(0).reduce((a, b) => a + b, 0));
    },
    [Symbol.dispose]: () => {},
  };
}
