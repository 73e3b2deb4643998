/** The number of threads on which the CPU computes, and their pool. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { integer } from "../arguments/rule.ts";
import { findWorkerThreads, type Job, type Program, ThreadPool } from "./thread_pool.ts";
import { MAX_THREADS } from "./thread_worker.ts";

let canThread: boolean | undefined;
let wanted: number | undefined;
let pool: ThreadPool | undefined;
let holders = 0;

/** Gives the number of threads on which the CPU computes. Default: the number of processors; 1 on platforms without threads. */
export function threadCount(): number {
  canThread ??= typeof SharedArrayBuffer !== "undefined" && findWorkerThreads() !== undefined;
  if (!canThread) return 1;
  return wanted ?? Math.min(MAX_THREADS, globalThis.navigator?.hardwareConcurrency ?? 1);
}

/**
 * Sets the number of threads on which the CPU computes, for the whole process. Results do not depend on it.
 *
 * @param count from 1 to 256; undefined: the number of processors
 * @throws {TypeError} if it is not a number
 * @throws {RangeError} if it is out of that range
 */
export function setThreads(count: number | undefined): void {
  if (count !== undefined) {
    checkValue("set the threads", "the number", count, integer(1, MAX_THREADS));
  }
  wanted = count;
  releaseThreads();
}

/**
 * Keeps the threads until the last holder is disposed of; then they end. Without a holder they sleep until
 * {@linkcode releaseThreads} is called or the process ends; they do not delay its end.
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

/** Gives the number of threads that exist now, including the caller's. */
export function runningThreads(): number {
  return pool?.size ?? 1;
}

/** A call with fewer multiply-adds, about 50 µs, is not divided among threads. */
const LARGE_WORK = 2e6;

/**
 * Does all tasks of all jobs; a large call is divided among the threads.
 *
 * Each large call starts one more thread until there are enough, because starting one costs the caller about 40 ms.
 *
 * @param work approximate number of multiply-adds of all jobs
 * @throws {Error} if a thread died; the error names it, and the next call starts new threads
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
