/**
 * Measures how much of the machine the training step uses: its GFLOP/s divided by those of a matrix product alone, on one thread, and
 * the gain from more threads. All are measured in turns in one run, so that load on the machine affects all alike.
 *
 *   deno run bench/kernel_share.ts
 *
 * @module
 */
import { printText } from "../src/cli/terminal.ts";
import { createCpuDevice } from "../src/device/cpu/cpu_device.ts";
import { measureCpuRate } from "../src/device/cpu/cpu_rate.ts";
import { chooseKernelBuild } from "../src/device/cpu/kernel_build.ts";
import { readBenchOptions } from "./bench_options.ts";
import { median } from "./round.ts";
import { loadStepper } from "./steps.ts";
import { configureTask, countStepFlops } from "./task.ts";

readBenchOptions(Deno.args, {
  command: "deno run bench/kernel_share.ts",
  summary: "measure how much of the machine's arithmetic the training step uses",
  options: [],
  examples: [""],
}, () => {});

const ROUNDS = 12;
const STEPS_A_ROUND = 25;
const SIZES = { hiddenSize: 128, digits: 3, batchSize: 128 };

const all = createCpuDevice();
using alone = await loadStepper(createCpuDevice({ threads: 1 }), SIZES);
using together = await loadStepper(all, SIZES);
const [rates, oneMs, allMs]: [number[], number[], number[]] = [[], [], []];
for (let round = 0; round < ROUNDS; round++) {
  for (const [stepper, times] of [[alone, oneMs], [together, allMs]] as const) {
    await stepper.take(5); // threads start, one a step
    for (let i = 0; i < STEPS_A_ROUND; i++) {
      const started = performance.now();
      await stepper.take(1);
      times.push(performance.now() - started);
    }
  }
  for (let i = 0; i < STEPS_A_ROUND; i++) rates.push(measureCpuRate() / 1e9);
}
const gflop = countStepFlops(configureTask(SIZES.hiddenSize), SIZES.batchSize) / 1e9;
const describe = (name: string, rate: number, [one, many]: readonly [number, number]): string => {
  const stepRate = 1000 * gflop / one;
  return `${name}: product ${rate.toFixed(1)} GFLOP/s; step ${one.toFixed(2)} ms on 1 thread (` +
    `${stepRate.toFixed(1)} GFLOP/s, ${(100 * stepRate / rate).toFixed(0)} % of the product), ` +
    `${many.toFixed(2)} ms on ${all.report.threads} (${(one / many).toFixed(2)}×)`;
};
printText(
  [
    `build ${chooseKernelBuild()}`,
    describe("best", Math.max(...rates), [Math.min(...oneMs), Math.min(...allMs)]),
    describe("median", median(rates), [median(oneMs), median(allMs)]),
  ].join("\n"),
);
