/** On how many threads the CPU computes, and the pool that does it. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { integer } from "../arguments/rule.ts";
import { findWorkerThreads, type Job, type Program, ThreadPool } from "./thread_pool.ts";
import { MAX_THREADS } from "./thread_worker.ts";

let canThread: boolean | undefined;
let wanted: number | undefined;
let pool: ThreadPool | undefined;
let holders = 0;

/** Says on how many threads the CPU computes; by default as many as the machine has processors, 1 where there are no threads. */
export function threadCount(): number {
  canThread ??= typeof SharedArrayBuffer !== "undefined" && findWorkerThreads() !== undefined;
  if (!canThread) return 1;
  return wanted ?? Math.min(MAX_THREADS, globalThis.navigator?.hardwareConcurrency ?? 1);
}

/**
 * Sets on how many threads the CPU computes, for the whole process. Results do not depend on it.
 *
 * @param count from 1 to 256; undefined: as many as the machine has processors
 * @throws {TypeError} if it is no number
 * @throws {RangeError} if it is out of that range
 */
export function setThreads(count: number | undefined): void {
  if (count !== undefined) {
    checkValue("set the threads", "their number", count, integer(1, MAX_THREADS));
  }
  wanted = count;
  releaseThreads();
}

/**
 * Keeps the threads for as long as they are used: when the last holder is disposed of, they end. Without a holder they
 * stay, asleep, until {@linkcode releaseThreads} or the end of the process, which they do not delay.
 */
export function holdThreads(): Disposable {
  holders++;
  let held = true;
  return {
    [Symbol.dispose]: () => {
      if (!held) return;
      held = false;
      if (--holders === 0) releaseThreads();
    },
  };
}

/** Ends all threads; the next large call starts them again. */
export function releaseThreads(): void {
  pool?.[Symbol.dispose]();
  pool = undefined;
}

/** How many threads there are now, the caller's included. */
export function runningThreads(): number {
  return pool?.size ?? 1;
}

/** A call with fewer multiply-adds is not worth a thread: about 50 µs. */
const LARGE_WORK = 2e6;

/**
 * Does all tasks of all jobs; a large call is divided among the threads.
 *
 * Each large call starts one thread more until there are as many as wanted: starting one costs the caller some 40 ms.
 *
 * @param work multiply-adds of all jobs, about
 * @throws {Error} if a thread died, saying which; the next call has new ones
 */
export function runJobs(program: Program, jobs: readonly Job[], work: number): void {
  if (work < LARGE_WORK || threadCount() === 1) {
    for (const { kernel, args, tasks } of jobs) {
      const run = program.kernels[kernel]!;
      for (let task = 0; task < tasks; task++) run(args, task);
    }
    return;
  }
  if (pool?.program !== program) releaseThreads();
  pool ??= new ThreadPool(program);
  if (pool.size < threadCount()) pool.addThread();
  try {
    pool.run(jobs, work);
  } catch (error) {
    releaseThreads();
    throw error;
  }
}
