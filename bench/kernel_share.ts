/**
 * Measures how much of the machine the training step uses: its GFLOP/s divided by those of the 8×4 tile alone, on one thread, and the gain
 * from more threads. All are measured in turns in one run, so that load on the machine affects all alike.
 *
 *   deno run bench/kernel_share.ts
 *
 * @module
 */
import { selectBackend } from "../src/backend/backend.ts";
import { setThreads, threadCount } from "../src/backend/threads.ts";
import { floatsAt, kernelBuild, kernelHeap, runKernels } from "../src/ops/kernels.ts";
import { multiplyPanels } from "../src/ops/weight_gradients.ts";
import { printText } from "../src/cli/terminal.ts";
import { readBenchOptions } from "./bench_options.ts";
import { prepareStep, STEP_GFLOP } from "./notebook_step.ts";

readBenchOptions(Deno.args, {
  command: "deno run bench/kernel_share.ts",
  summary: "measure how much of the machine's arithmetic the training step uses",
  options: [],
  examples: [""],
}, () => {});

const ROUNDS = 12;
const STEPS_A_ROUND = 25;

/** Panels that stay in the first-level cache, so that only the tile is measured. */
const TILE = { depth: 512, columns: 512, rows: 128 };

function prepareTile(): () => void {
  const { depth, columns, rows } = TILE;
  const [a, b, out, edges] = [32 * depth, 16 * depth, 4 * columns * rows, 128 * 64].map((bytes) =>
    kernelHeap().allocate(bytes)
  ) as [number, number, number, number];
  floatsAt(a, 8 * depth).fill(0.5);
  floatsAt(b, 4 * depth).fill(0.25);
  const call = multiplyPanels({
    a,
    b,
    panelRows: -4, // makes all panels the same one
    aFrom: 0,
    columns,
    rows,
    depth,
    out,
    outStrideBytes: 4 * columns,
    edges,
  });
  return () => runKernels([call], 0);
}

function timeMs(body: () => void): number {
  const start = performance.now();
  body();
  return performance.now() - start;
}

function describe(times: number[]): { best: number; median: number } {
  times.sort((a, b) => a - b);
  return { best: times[0]!, median: times[times.length >> 1]! };
}

await selectBackend("cpu");
const all = threadCount();
const step = await prepareStep();
const tile = prepareTile();
const [tileMs, oneMs, allMs]: [number[], number[], number[]] = [[], [], []];
for (let round = 0; round < ROUNDS; round++) {
  for (const [threads, times] of [[1, oneMs], [all, allMs]] as const) {
    setThreads(threads);
    for (let i = 0; i < 5; i++) step();
    for (let i = 0; i < STEPS_A_ROUND; i++) times.push(timeMs(step));
  }
  for (let i = 0; i < STEPS_A_ROUND; i++) tileMs.push(timeMs(tile));
}
const tileGflop = 2 * TILE.depth * TILE.columns * TILE.rows / 1e9;
const [tileTime, one, many] = [describe(tileMs), describe(oneMs), describe(allMs)];
const row = (name: string, key: "best" | "median"): string => {
  const tileRate = tileGflop / tileTime[key] * 1000;
  const stepRate = STEP_GFLOP / one[key] * 1000;
  return `${name}: tile ${tileRate.toFixed(1)} GFLOP/s; step ${
    one[key].toFixed(2)
  } ms on 1 thread (` +
    `${stepRate.toFixed(1)} GFLOP/s, ${(100 * stepRate / tileRate).toFixed(0)} % of the tile), ` +
    `${many[key].toFixed(2)} ms on ${all} (${(one[key] / many[key]).toFixed(2)}×)\n`;
};
const report = `build ${kernelBuild()}\n${row("best", "best")}${row("median", "median")}`;
printText(report.trimEnd());
