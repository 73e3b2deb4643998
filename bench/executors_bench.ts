/**
 * What an executor does, by tfjs's operations and by our kernels: a training step, measuring and answering, for every cell.
 *
 *   deno bench -A bench/executors_bench.ts
 *
 * The kernels are proved equal to the reference before they are timed.
 *
 * @module
 */
import { createCpuDevice } from "../src/device/cpu/cpu_device.ts";
import { createReferenceDevice } from "../src/device/reference/reference_device.ts";
import { CELLS } from "../src/network/config.ts";
import { assertClose } from "../tests/assert_close.ts";
import { loadStepper, type Stepper } from "./steps.ts";
import { configureTask, makeBatch } from "./task.ts";

/** The notebook's sizes. */
const SIZES = { hiddenSize: 128, digits: 3, batchSize: 128 };
/** Rounding in another order changes the losses of the first steps by less. */
const TOLERANCE = { relative: 1e-3, absolute: 0 };

const DEVICES = [
  {
    name: "tfjs cpu",
    device: await createReferenceDevice("cpu", { requested: "cpu", reason: "as the bench asks" }),
  },
  { name: "simd, 1 thread", device: createCpuDevice({ threads: 1, build: "simd" }) },
  { name: "relaxed, 1 thread", device: createCpuDevice({ threads: 1, build: "relaxed" }) },
  { name: "relaxed, all threads", device: createCpuDevice({ build: "relaxed" }) },
];
const { sources, count } = makeBatch(configureTask(SIZES.hiddenSize), SIZES.batchSize);

/** What is timed. */
const WORK: Readonly<Record<string, (stepper: Stepper) => Promise<unknown>>> = {
  "training step": (stepper) => stepper.take(1),
  "measuring": ({ executor, examples }) =>
    executor.measure(examples, { from: 0, to: count, answers: false }),
  "answering": ({ executor }) => executor.answer(sources),
};

for (const cell of CELLS) {
  const steppers: Stepper[] = [];
  for (const { device } of DEVICES) steppers.push(await loadStepper(device, { ...SIZES, cell }));
  const losses: number[][] = [];
  for (const stepper of steppers) {
    losses.push((await stepper.take(3)).figures.map(({ loss }) => loss));
  }
  for (const found of losses) assertClose(found, losses[0]!, `losses of ${cell}`, TOLERANCE);
  for (const [work, run] of Object.entries(WORK)) {
    for (const [i, { name }] of DEVICES.entries()) {
      Deno.bench({
        name,
        group: `${work}, ${cell}, 128 examples`,
        baseline: i === 0,
        ...(i === 0 && { n: 5, warmup: 1 }),
        fn: async () => void await run(steppers[i]!),
      });
    }
  }
}
