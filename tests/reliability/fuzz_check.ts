/** Gives every parser hostile input. Only documented errors may occur, quickly, in little memory, without side effects. @module */
import { cpuUsage } from "node:process";
import { getHeapStatistics } from "node:v8";
import { forkPrng, type Prng } from "../../src/random/prng.ts";
import { createFailures, type Outcome } from "./check.ts";
import { createFuzzTargets, type FuzzTarget } from "./fuzz_targets.ts";
import { createPrototypeGuard } from "./prototype_guard.ts";

/** Most time of a case. If other processes use the processor, its processor time counts. */
const MOST_MS = 1000;
/** Most bytes that a case may take from V8's heap, including garbage, and from buffers outside; the input has 10 KB. */
const MOST_BYTES = 8 * 2 ** 20;
/** Most growth of the whole process, including garbage that is not collected yet. */
const MOST_GROWTH_BYTES = 256 * 2 ** 20;
/** Cases per generator; there are several, because the seed of a generator has only 32 bits. */
const CASES_A_BLOCK = 1000;
/** Calls of each parser before memory is measured: one alone may end at its first check, and compile little. */
const COMPILING_CALLS = 30;
/**
 * Cases per target, of 18. Parsers of foreign files get most, except checkpoints, whose hashes take long. Files of pairs have a
 * check of their own.
 */
const SHARES = {
  checkpoint: 2,
  state: 2,
  header: 6,
  events: 2,
  lines: 3,
  table: 2,
  commandLine: 1,
};
const BYTES_PER_MB = 2 ** 20;

/** Attacks all parsers in turns, for a total number of trials. */
export async function checkFuzz(trials: number, part = 0): Promise<Outcome> {
  const targets = await createFuzzTargets();
  const turns = Object.entries(SHARES).flatMap(([name, share]) =>
    Array(share).fill(targets[name]!)
  );
  return await attackInTurns(turns, trials, part);
}

/** Attacks the reader of files of pairs, for a number of trials. */
export async function checkPairFuzz(trials: number, part = 0): Promise<Outcome> {
  const { pairs } = await createFuzzTargets();
  return await attackInTurns([pairs!], trials, part);
}

async function attackInTurns(
  turns: readonly FuzzTarget[],
  trials: number,
  part: number,
): Promise<Outcome> {
  const failures = createFailures();
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // most cases end in an error, whose trace would take most of the time
  // the first calls of a parser compile it, which takes more memory than any case
  for (const target of new Set(turns)) {
    const prng = forkPrng(part, "fuzz/compile");
    for (let call = 0; call < COMPILING_CALLS; call++) await attack(target, prng);
  }
  const gauge = createGauge();
  try {
    for (let start = 0; start < trials; start += CASES_A_BLOCK) {
      const prng = forkPrng(part, `fuzz/${start}`);
      const stop = Math.min(trials, start + CASES_A_BLOCK);
      for (let trial = start; trial < stop; trial++) {
        const target = turns[trial % turns.length]!;
        const found = await attack(target, prng) ?? gauge.findExcess();
        if (found !== undefined) {
          failures.add(`${target.name}, part ${part}, trial ${trial}`, [found]);
        }
      }
      const grown = gauge.findGrowth();
      if (grown !== undefined) failures.add(`part ${part}, before trial ${stop}`, [grown]);
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return { trials, failures: failures.list, peaks: gauge.peaks() };
}

/** Describes the failure of a case, if any. */
async function attack(target: FuzzTarget, prng: Prng): Promise<string | undefined> {
  try {
    await target.attack(prng);
    return undefined;
  } catch (error) {
    const typed = target.errors.some((TypedError) => error instanceof TypedError);
    return typed ? undefined : `it threw an undocumented error: ${error}`;
  }
}

/** Measures each case, from the end of the one before. */
interface Gauge {
  /** Describes the limit that the last case exceeded, if any. */
  findExcess(): string | undefined;
  /** Describes the growth of the process, if it is too large. */
  findGrowth(): string | undefined;
  peaks(): Record<string, number>;
}

/** Heap figures of V8; the types of `node:v8` lack the first. */
interface Heap {
  readonly total_allocated_bytes: number;
  readonly external_memory: number;
}

function readHeap(): Heap {
  return getHeapStatistics() as unknown as Heap;
}

function createGauge(): Gauge {
  const isUntouched = createPrototypeGuard();
  const firstRss = Deno.memoryUsage().rss;
  let heap = readHeap();
  let at = performance.now();
  let cpu = cpuUsage(); // once per block, because a reading after every case takes too long
  let [mostMs, mostBytes, mostGrowth] = [0, 0, 0];
  return {
    findExcess(): string | undefined {
      const [before, started] = [heap, at];
      heap = readHeap();
      at = performance.now();
      const ms = at - started;
      const bytes = heap.total_allocated_bytes - before.total_allocated_bytes +
        Math.max(0, heap.external_memory - before.external_memory);
      mostMs = Math.max(mostMs, ms);
      mostBytes = Math.max(mostBytes, bytes);
      if (!isUntouched()) return "Object.prototype has changed";
      if (ms > MOST_MS && cpuUsage(cpu).user / 1000 > MOST_MS) return `it took ${ms} ms`;
      return bytes > MOST_BYTES ? `it took ${bytes} bytes of memory` : undefined;
    },
    findGrowth(): string | undefined {
      cpu = cpuUsage();
      const growth = Deno.memoryUsage().rss - firstRss;
      mostGrowth = Math.max(mostGrowth, growth);
      return growth > MOST_GROWTH_BYTES ? `the process has grown by ${growth} bytes` : undefined;
    },
    peaks: () => ({
      "slowest case, ms": Math.round(mostMs),
      "largest case, MB": Math.round(mostBytes / BYTES_PER_MB),
      "process grown by, MB": Math.round(mostGrowth / BYTES_PER_MB),
    }),
  };
}
