/** Threads that share a WebAssembly memory and divide calls of its compute kernels into tasks. @module */
import { type PlatformThread, startThread } from "./platform_threads.ts";
import {
  claimTasks,
  CONTROL,
  JOB_WORDS,
  type Kernel,
  type Kernels,
  MAX_JOBS,
  MAX_THREADS,
  PHASE_SPINS,
  type ThreadStart,
} from "./thread_worker.ts";
import { createDeferred } from "../../time/deferred.ts";

/** A module of compute kernels, and its instance on this thread. */
export interface Program {
  readonly module: WebAssembly.Module;
  /** Shared memory; its first `CONTROL.sizeBytes` bytes are the control block of the threads. */
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
}

/** The work of one kernel: `tasks` calls of `kernel(args, task, thread)`, in any order, on any thread. */
export interface Job {
  readonly kernel: string;
  /** Address of its arguments. */
  readonly args: number;
  readonly tasks: number;
}

/** Jobs of a call that do not need each other's results. All are done before the next phase begins. */
export type Phase = readonly Job[];

/** Settings of a pool. */
export interface ThreadPoolOptions {
  /**
   * Milliseconds without a finished task after which a busy thread counts as dead, in addition to the time that the call's
   * work may take. Default: 30,000.
   */
  readonly stallMs?: number;
}

/** START moves this far past the tasks of the last call. There cannot be as many late claims. */
const LEAP = 4096;

/** Multiply-adds per millisecond of a thread that is slow but healthy: a fifteenth of the usual speed. A task of a large model may take minutes. */
const SLOWEST_WORK = 1e6;

/** Time that the caller sleeps before it checks again whether the other threads are alive. */
const SLICE_MS = 10;

/** Number of pools made so far. */
let pools = 0;

/** Threads that work beside the caller's thread, which works too. Declare the pool with `using`, or dispose of it. */
export class ThreadPool implements Disposable {
  /** The program that the threads run. */
  readonly program: Program;
  readonly #control: Int32Array;
  readonly #names: readonly string[];
  readonly #kernels: readonly Kernel[];
  readonly #stallMs: number;
  readonly #number: number;
  readonly #threads: PlatformThread[] = [];
  readonly #exits: Promise<void>[] = [];
  #starting: Promise<unknown> | undefined;
  #death: string | undefined;
  #released = false;
  /** The phases that lie in the control block, and their number of tasks. */
  #written: readonly Phase[] | undefined;
  #total = 0;

  constructor(program: Program, options: ThreadPoolOptions = {}) {
    this.program = program;
    this.#control = new Int32Array(program.memory.buffer, 0, CONTROL.sizeBytes / 4);
    this.#names = Object.keys(program.kernels).sort();
    this.#kernels = this.#names.map((name) => program.kernels[name]!);
    this.#stallMs = options.stallMs ?? 30_000;
    this.#control.fill(0, CONTROL.failed, CONTROL.table);
    this.#number = ++pools;
    Atomics.store(this.#control, CONTROL.pool, this.#number);
  }

  /** Number of threads, including the caller's. */
  get size(): number {
    return this.#threads.length + 1;
  }

  /** Number of threads that have started, including the caller's. */
  get startedThreads(): number {
    return 1 + this.#threads.filter(({ hasStarted }) => hasStarted).length;
  }

  /** If threads are starting that need turns of the caller's event loop for it: resolves when they have started. */
  get starting(): Promise<unknown> | undefined {
    return this.#starting;
  }

  /** Starts one more thread, up to 256 in all. It takes part as soon as it has started. */
  addThread(): void {
    if (this.size >= MAX_THREADS) return;
    const index = this.#threads.length + 1;
    const { module, memory } = this.program;
    const call = Atomics.load(this.#control, CONTROL.call);
    const start: ThreadStart = { module, memory, index, pool: this.#number, call };
    const exit = createDeferred<void>();
    const thread = startThread(start, {
      failed: (why) => this.#markDead(index, why),
      ended: () => {
        this.#markDead(index, "it ended");
        exit.resolve();
      },
    });
    this.#exits.push(exit.promise);
    this.#threads.push(thread);
    if (thread.starting !== undefined) this.#awaitStart(thread.starting);
  }

  #awaitStart(starting: Promise<void>): void {
    const all = Promise.all([this.#starting, starting]).then(() => {
      if (this.#starting === all) this.#starting = undefined;
    });
    this.#starting = all;
  }

  /**
   * Does all tasks of all jobs, phase after phase, and returns when they are done. The same list of phases is written only once.
   *
   * @param work approximate number of multiply-adds of all jobs: the more, the longer a thread may take
   * @throws {Error} if a thread died; the error names it, and the pool cannot be used any more
   */
  run(phases: readonly Phase[], work = 0): void {
    if (this.#released) throw new Error("Cannot run on threads: the pool is released");
    this.#checkAlive();
    const control = this.#control;
    if (this.#written !== phases) this.#writePhases(phases);
    const total = this.#total;
    Atomics.store(control, CONTROL.done, 0);
    const start = (control[CONTROL.start]! + control[CONTROL.total]! + LEAP) | 0;
    Atomics.store(control, CONTROL.start, start);
    Atomics.store(control, CONTROL.total, total);
    Atomics.store(control, CONTROL.next, start);
    Atomics.add(control, CONTROL.call, 1);
    if (total > 1) Atomics.notify(control, CONTROL.call);
    const stallMs = this.#stallMs + work / SLOWEST_WORK;
    const awaitDone = (tasks: number): boolean => this.#awaitOthers(tasks, stallMs);
    let isOwn = true;
    try {
      claimTasks(control, this.#kernels, {
        self: 0,
        awaitDone: (tasks) => {
          isOwn = false;
          awaitDone(tasks);
          return isOwn = true;
        },
      });
    } catch (error) {
      if (isOwn) this.#markDead(0, "a compute kernel failed on it"); // the other threads may still work at tasks
      this[Symbol.dispose]();
      throw error;
    }
    awaitDone(total);
  }

  /** Ends every thread: each ends after its present task. If a thread of the pool died, all are terminated at once. */
  [Symbol.dispose](): void {
    if (this.#released) return;
    this.#released = true;
    Atomics.compareExchange(this.#control, CONTROL.pool, this.#number, 0);
    Atomics.add(this.#control, CONTROL.call, 1);
    Atomics.notify(this.#control, CONTROL.call);
    if (this.#death !== undefined) { for (const thread of this.#threads) thread.terminate(); }
  }

  /** Resolves when every thread has ended after the pool's release. */
  async ended(): Promise<void> {
    for (const thread of this.#threads) thread.keepProcess();
    await Promise.all(this.#exits);
  }

  #writePhases(phases: readonly Phase[]): void {
    this.#written = undefined;
    const jobs = phases.flat().length;
    if (jobs > MAX_JOBS) {
      throw new RangeError(`Cannot run ${jobs} jobs at once: at most ${MAX_JOBS} fit`);
    }
    let total = 0;
    let word: number = CONTROL.table;
    for (const phase of phases) {
      const before = total;
      const after = phase.reduce((sum, { tasks }) => sum + tasks, before);
      for (const { kernel, args, tasks } of phase) {
        const number = this.#names.indexOf(kernel);
        if (number < 0) throw new TypeError(`Cannot run "${kernel}": there is no such kernel`);
        total += tasks;
        this.#control.set([number, args, total, before, after], word);
        word += JOB_WORDS;
      }
    }
    this.#written = phases;
    this.#total = total;
  }

  /** Waits for tasks that other threads still work at: first by spinning, then asleep. */
  #awaitOthers(tasks: number, stallMs: number): true {
    const control = this.#control;
    for (let spin = 0; spin < PHASE_SPINS; spin++) {
      if (Atomics.load(control, CONTROL.done) >= tasks) return true;
    }
    let quietMs = 0;
    for (;;) {
      const done = Atomics.load(control, CONTROL.done);
      if (done >= tasks) return true;
      const failed = Atomics.load(control, CONTROL.failed);
      if (failed !== 0) this.#markDead(failed, "a compute kernel failed on it");
      this.#checkAlive();
      Atomics.wait(control, CONTROL.done, done, SLICE_MS);
      quietMs = Atomics.load(control, CONTROL.done) === done ? quietMs + SLICE_MS : 0;
      if (quietMs < stallMs) continue;
      const busy = this.#threads.findIndex((_, i) => control[CONTROL.busy + i + 1] === 1);
      this.#markDead(busy + 1, `it has not answered for ${Math.round(stallMs)} ms`);
    }
  }

  #markDead(index: number, why: string): void {
    if (this.#released) return;
    this.#death ??= `thread ${index} of ${this.size} is dead: ${why}`;
  }

  #checkAlive(): void {
    if (this.#death === undefined) return;
    this[Symbol.dispose]();
    throw new Error(`Cannot compute: ${this.#death}`);
  }
}
