/** A memory, an instance of the compute kernels in it, and threads that share both. @module */
import { createHeap, type Heap } from "./heap.ts";
import { chooseKernelBuild, compileKernels, type KernelBuild } from "./kernel_build.ts";
import { type Phase, type Program, ThreadPool } from "./thread_pool.ts";
import type { Kernels } from "./thread_worker.ts";

/** A call of the compute kernels: its phases, one after the other. */
export interface Plan {
  readonly phases: readonly Phase[];
  /** Approximate number of multiply-adds. A small call is not divided among threads. */
  readonly work: number;
}

/** How to make an engine. */
export interface EngineOptions {
  /** Most threads, including the caller's. */
  readonly threads: number;
  /** Default: the build for this platform. */
  readonly build?: KernelBuild;
}

/** A call with fewer multiply-adds, about 50 µs, is not divided among threads. */
const LARGE_WORK = 2e6;

/** First address of the heap: after the control block of the threads and the coefficients of constants.as. */
const HEAP_AT = 24_576;

/** Runs compute kernels. Declare it with `using`, or dispose of it. */
export class Engine implements Disposable {
  /** The memory of the kernels. */
  readonly heap: Heap;
  /** Most threads, including the caller's. */
  readonly threads: number;
  readonly #program: Program;
  #pool: ThreadPool | undefined;

  constructor({ threads, build = chooseKernelBuild() }: EngineOptions) {
    this.threads = threads;
    this.heap = createHeap(HEAP_AT);
    const { memory } = this.heap;
    const module = compileKernels(build);
    const instance = new WebAssembly.Instance(module, { env: { memory, log: Math.log } });
    const kernels = instance.exports as Kernels;
    kernels.writeConstants!(0, 0, 0);
    this.#program = { module, memory, kernels };
  }

  /** Number of threads that have started, including the caller's. */
  get runningThreads(): number {
    return this.#pool?.startedThreads ?? 1;
  }

  /** In a browser, while threads are starting: resolves when they have. They start only while the caller waits for something. */
  get starting(): Promise<unknown> | undefined {
    return this.#pool?.starting;
  }

  /**
   * Does all tasks of a plan; those of a large one are divided among the threads.
   *
   * Each large call starts one more thread until there are enough, because starting one costs the caller about 40 ms.
   *
   * @throws {Error} if a thread died; the error names it, and the next call starts new threads
   */
  run({ phases, work }: Plan): void {
    if (work < LARGE_WORK || this.threads === 1) {
      this.#runAlone(phases);
      return;
    }
    this.#pool ??= new ThreadPool(this.#program);
    if (this.#pool.size < this.threads) this.#pool.addThread();
    try {
      this.#pool.run(phases, work);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  #runAlone(phases: readonly Phase[]): void {
    for (const phase of phases) {
      for (const { kernel, args, tasks } of phase) {
        const run = this.#program.kernels[kernel]!;
        for (let task = 0; task < tasks; task++) run(args, task, 0);
      }
    }
  }

  /** Gives a part of the memory as floats. */
  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.heap.memory.buffer, address, count);
  }

  /** Gives a part of the memory as bytes. */
  bytes(address: number, count: number): Uint8Array {
    return new Uint8Array(this.heap.memory.buffer, address, count);
  }

  /** Ends the threads; the next large call starts them again. */
  [Symbol.dispose](): void {
    this.#pool?.[Symbol.dispose]();
    this.#pool = undefined;
  }
}
