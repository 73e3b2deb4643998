/**
 * Rounds of timed steps. A competitor measures one round for every line that it reads from standard input, and answers with one
 * line of JSON, so that several competitors can take turns.
 *
 * @module
 */
import { printJson } from "../src/cli/terminal.ts";
import { type BenchUsage, readBenchOptions, readCount, readPositive } from "./bench_options.ts";

/** The answer of a competitor after a round. */
export interface Round {
  /** Name of the competitor. */
  readonly peer: string;
  /** Version of its framework. */
  readonly version: string;
  readonly threads: number;
  readonly hiddenSize: number;
  readonly batchSize: number;
  /** Number of trainable parameters of its model. */
  readonly parameters: number;
  /** Losses of the first steps, from the common first weights. */
  readonly losses: readonly number[];
  /** Median and least time of a step in the round. */
  readonly medianMs: number;
  readonly minMs: number;
  /** Number of steps in the round. */
  readonly steps: number;
  /** Time of processors in the round; absent if the competitor does not report it. */
  readonly processorMs?: number;
  /** Number of cores that other processes used meanwhile. The caller sets it; absent if the system does not report it. */
  readonly foreignCores?: number;
}

/** The command-line options of a competitor. */
export interface StepOptions {
  readonly hiddenSize: number;
  readonly batchSize: number;
  readonly threads: number;
  /** Most digits of an operand. */
  readonly digits: number;
  /** Length of a round in seconds. */
  readonly seconds: number;
  /** Backend of tfjs, for the peers on tfjs. */
  readonly backend: string;
}

/** The steps of a competitor, for {@linkcode serveRounds}. */
export interface Steps {
  readonly peer: string;
  readonly version: string;
  readonly parameters: number;
  /** Takes one step, waits for the device and gives the loss. */
  step(): Promise<number>;
}

const CHECKED_STEPS = 5;
const WARM_UP_SECONDS = 0.5;
/** Least number of steps per round. */
const LEAST_STEPS = 3;

/** A round does not count if other processes used more than this share of a core. */
const MOST_FOREIGN_CORES = 0.1;

/** Says whether a round had no load from other processes; true if the system does not report the load. */
export function isQuiet(round: { readonly foreignCores?: number }): boolean {
  return (round.foreignCores ?? 0) <= MOST_FOREIGN_CORES;
}

/** Reads a competitor's command line. @param script its path from the project's folder */
export function readStepOptions(args: readonly string[], script: string): StepOptions {
  const usage: BenchUsage = {
    command: `deno run -A ${script}`,
    summary: "measure a round of training steps for every line of standard input",
    options: [
      { name: "hidden-size", value: "N", help: "hidden size (default 128)" },
      { name: "batch-size", value: "N", help: "examples per step (default 128)" },
      { name: "threads", value: "N", help: "threads (default 1)" },
      { name: "digits", value: "N", help: "most digits of a number (default 3)" },
      { name: "seconds", value: "X", help: "seconds per round (default 1)" },
      {
        name: "backend",
        value: "NAME",
        help: "tfjs backend: cpu, wasm or wasm-repaired (default cpu)",
      },
    ],
    examples: ["--seconds 0.5 < /dev/null"],
  };
  return readBenchOptions(args, usage, (typed) => ({
    hiddenSize: readCount(typed, "hidden-size", 128),
    batchSize: readCount(typed, "batch-size", 128),
    threads: readCount(typed, "threads", 1),
    digits: readCount(typed, "digits", 3),
    seconds: readPositive(typed, "seconds", 1),
    backend: typed.choice("backend", ["cpu", "wasm", "wasm-repaired"]) ?? "cpu",
  }));
}

/** Warms up, then measures a round for every line of standard input. */
export async function serveRounds(steps: Steps, options: StepOptions): Promise<void> {
  const losses: number[] = [];
  for (let i = 0; i < CHECKED_STEPS; i++) losses.push(await steps.step());
  await timeSteps(steps, WARM_UP_SECONDS);
  const { peer, version, parameters } = steps;
  const { threads, hiddenSize, batchSize } = options;
  await answerRequests(async () => {
    await steps.step(); // the first step after a pause is slow
    const times = await timeSteps(steps, options.seconds);
    return {
      ...{ peer, version, threads, hiddenSize, batchSize, parameters, losses },
      ...{ medianMs: median(times), minMs: Math.min(...times), steps: times.length },
    };
  });
}

/** Measures a round for every line of standard input, and prints it. */
export async function answerRequests(measure: () => Promise<Round>): Promise<void> {
  for await (const _ of readLines(Deno.stdin.readable)) printJson(await measure());
}

/** Splits a stream of bytes into its lines. */
export async function* readLines(stream: ReadableStream<BufferSource>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** Gives the middle of some numbers, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Times single steps, in milliseconds, for some seconds. */
async function timeSteps(steps: Steps, seconds: number): Promise<number[]> {
  const times: number[] = [];
  let total = 0;
  while (times.length < LEAST_STEPS || total < 1000 * seconds) {
    const start = performance.now();
    await steps.step();
    times.push(performance.now() - start);
    total += times.at(-1)!;
  }
  return times;
}
