/**
 * Measures time and memory of making the questions of a training: generation, encoding, split, order of an epoch.
 *
 * `deno run -A bench/generation.ts --digits 4 --examples 500000` prints one line of JSON. Every size needs its own
 * process, because the system reports the peak of memory over the whole life of a process.
 *
 * @module
 */
import process from "node:process";
import { printJson } from "../src/cli/terminal.ts";
import { createDataset } from "../src/dataset/dataset.ts";
import { drawEpoch } from "../src/dataset/order.ts";
import { splitDataset } from "../src/dataset/split.ts";
import { generateAddition, layOutAddition } from "../src/problem/addition.ts";
import { runAtOnce } from "../src/time/slices.ts";
import { type BenchUsage, readBenchOptions, readCount } from "./bench_options.ts";
import { measureForeignLoad } from "./foreign_load.ts";

/** The figures of one run. */
export interface GenerationFigures {
  readonly digits: number;
  readonly examples: number;
  /** Time of generation and encoding, which are one pass. */
  readonly generateMs: number;
  readonly splitMs: number;
  /** Time to shuffle the order of one epoch. */
  readonly shuffleMs: number;
  /** Bytes of the dataset's two arrays. */
  readonly datasetBytes: number;
  /** Peak of the process's memory, and its memory at the start. */
  readonly peakBytes: number;
  readonly startBytes: number;
  /** Number of cores that other processes used meanwhile; absent if the system does not report it. */
  readonly foreignCores?: number;
}

const USAGE: BenchUsage = {
  command: "deno run -A bench/generation.ts",
  summary: "measure time and memory of making the questions for a training",
  options: [
    { name: "digits", value: "N", help: "most digits of a number (default 4)" },
    { name: "examples", value: "N", help: "number of questions (default 50000)" },
  ],
  examples: ["--digits 4 --examples 500000"],
};

if (import.meta.main) {
  const { digits, examples } = readBenchOptions(Deno.args, USAGE, (typed) => ({
    digits: readCount(typed, "digits", 4),
    examples: readCount(typed, "examples", 50_000),
  }));
  const { result, foreignCores } = await measureForeignLoad(
    Deno.pid,
    () => Promise.resolve(measureGeneration(digits, examples)),
  );
  printJson({ ...result, foreignCores });
}

function measureGeneration(digits: number, examples: number): GenerationFigures {
  const startBytes = Deno.memoryUsage().rss;
  const problem = { digits, examples };
  const [dataset, generateMs] = time(() =>
    createDataset(generateAddition(problem), layOutAddition(problem, true))
  );
  const [{ training }, splitMs] = time(() => splitDataset(dataset));
  const [, shuffleMs] = time(() => runAtOnce(drawEpoch(training.count, { seed: 0, epoch: 1 })));
  return {
    digits,
    examples,
    generateMs,
    splitMs,
    shuffleMs,
    datasetBytes: dataset.sources.byteLength + dataset.targets.byteLength,
    peakBytes: 1024 * process.resourceUsage().maxRSS,
    startBytes,
  };
}

function time<T>(run: () => T): [T, number] {
  const start = performance.now();
  const result = run();
  return [result, performance.now() - start];
}
