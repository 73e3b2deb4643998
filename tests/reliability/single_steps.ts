/** A device whose executors take one step at a time, so that a training can be stopped and saved after any step. @module */
import type {
  BatchFigures,
  Device,
  Executor,
  Steps,
  StepsPlan,
} from "../../src/device/executor.ts";

/** Makes a device that computes as another one does, but takes one step at a time and gives its figures before the next. */
export function takeSingly(device: Device): Device {
  return {
    report: device.report,
    findMisfit: (network, batchSize) => device.findMisfit(network, batchSize),
    load: async (network, values) => wrapExecutor(await device.load(network, values)),
  };
}

function wrapExecutor(executor: Executor): Executor {
  return new Proxy(executor, {
    get(target, name): unknown {
      if (name === "begin") return (plan: StepsPlan) => beginSingly(target, plan);
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** Begins steps, each of which is a plan of its own: the order up to its batch, of which the batches before were taken. */
function beginSingly(executor: Executor, plan: StepsPlan): Steps {
  const { order, batchSize } = plan;
  let from = plan.from;
  let current: Steps | undefined;

  async function settle(): Promise<readonly BatchFigures[]> {
    if (current === undefined) return [];
    using steps = current;
    current = undefined;
    return await steps.settle();
  }

  return {
    get left(): number {
      return Math.ceil(order.length / batchSize) - from;
    },
    take(): number {
      if (current !== undefined) throw new Error("the figures of the step before must be read");
      const step = plan.step + from - plan.from;
      const upTo = order.subarray(0, (from + 1) * batchSize);
      current = executor.begin({ ...plan, order: upTo, from, step });
      from++;
      return current.take();
    },
    figures: settle,
    settle,
    [Symbol.dispose]: () => current?.[Symbol.dispose](),
  };
}
