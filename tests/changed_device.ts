/** Devices whose executors are changed for a test. @module */
import type { BatchFigures, Device, Executor, Steps } from "../src/device/executor.ts";

/** Gives a device with some methods of its executors replaced. */
export function changeDevice(
  device: Device,
  change: (executor: Executor) => Partial<Executor>,
): Device {
  return {
    ...device,
    async load(network, values): Promise<Executor> {
      const executor = await device.load(network, values);
      const changed = change(executor);
      return new Proxy(executor, {
        get(target, name): unknown {
          const value: unknown = Reflect.get(changed, name) ?? Reflect.get(target, name, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
}

/** Gives a device that takes one step at a time, and gives its figures before the next. */
export function takeOneByOne(device: Device): Device {
  return changeDevice(device, (executor) => ({
    begin(plan): Steps {
      const { order, batchSize } = plan;
      let { from, step } = plan;
      let figures: Promise<readonly BatchFigures[]> = Promise.resolve([]);
      const give = async (): Promise<readonly BatchFigures[]> => {
        const given = await figures;
        figures = Promise.resolve([]);
        return given;
      };
      return {
        get left(): number {
          return Math.ceil(order.length / batchSize) - from;
        },
        take(): number {
          const until = order.subarray(0, (from + 1) * batchSize);
          using one = executor.begin({ ...plan, order: until, from: from++, step: step++ });
          const count = one.take();
          figures = one.settle();
          return count;
        },
        figures: give,
        settle: give,
        [Symbol.dispose]: () => {},
      };
    },
  }));
}
