/** What a thread runs, and the words of shared memory by which threads agree. @module */

/**
 * Words (int32) of the control block, which begins at address 0.
 *
 * A call of the pool writes the jobs and DONE, then START, then TOTAL, then NEXT = START; then it raises CALL. Whoever works
 * claims a task by adding 1 to NEXT and has it if START <= claim < START + TOTAL. START leaps ahead of NEXT at every call, and TOTAL is
 * read before START, so that a claim made too late for one call cannot count for the next.
 */
export const CONTROL = {
  call: 0,
  next: 1,
  start: 2,
  total: 3,
  done: 4,
  jobs: 5,
  /** Number of the pool that is in use; threads of any other end. */
  pool: 6,
  failed: 7,
  /** One word a thread: 1 while it works at a task. */
  busy: 16,
  /** Three words a job: number of its kernel, address of its arguments, first task after it. */
  table: 272,
  /** Bytes of the whole block. */
  sizeBytes: 2048,
} as const;

/** Threads beside the caller's, jobs a call: as many as the control block has room for. */
export const MAX_WORKERS = CONTROL.table - CONTROL.busy - 1;
export const MAX_JOBS = Math.floor((CONTROL.sizeBytes / 4 - CONTROL.table) / 3);

/** How often a thread looks for work before it goes to sleep: some 50 µs, about the time between two calls of a step. */
const SPINS = 5000;

/** Kernels by name, as an instance exports them. */
export type Kernels = Readonly<Record<string, (args: number, task: number) => void>>;

/** Claims and runs tasks of the present call until none is left; `mark` is the word that says this thread is busy. */
export function claimTasks(
  control: Int32Array,
  kernels: readonly ((args: number, task: number) => void)[],
  mark: number,
): void {
  for (;;) {
    const claim = Atomics.add(control, 1, 1);
    const total = Atomics.load(control, 3);
    const task = (claim - Atomics.load(control, 2)) | 0;
    if (task < 0 || task >= total) return;
    let job = 272;
    let first = 0;
    while (task >= control[job + 2]!) {
      first = control[job + 2]!;
      job += 3;
    }
    Atomics.store(control, mark, 1);
    kernels[control[job]!]!(control[job + 1]!, task - first);
    Atomics.store(control, mark, 0);
    if (Atomics.add(control, 4, 1) + 1 === total) Atomics.notify(control, 4);
  }
}

/** What a thread is given. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** From 1 on; 0 is the caller. */
  readonly index: number;
  /** The pool it belongs to. */
  readonly pool: number;
  /** The value of `call` when it was started. */
  readonly call: number;
}

/** A thread's whole life: work at calls until its pool is released. It runs as source text, so it names nothing outside but `claimTasks`. */
function serve({ module, memory, index, pool, call }: ThreadStart, spins: number): void {
  const control = new Int32Array(memory.buffer, 0, 512);
  const { exports } = new WebAssembly.Instance(module, { env: { memory, log: Math.log } });
  const kernels = Object.keys(exports).sort().map((name) => exports[name] as () => void);
  let seen = call;
  try {
    while (Atomics.load(control, 6) === pool) {
      claimTasks(control, kernels, 16 + index - 1);
      for (let i = 0; i < spins && Atomics.load(control, 0) === seen; i++);
      Atomics.wait(control, 0, seen);
      seen = Atomics.load(control, 0);
    }
  } catch (error) {
    Atomics.store(control, 7, index);
    Atomics.notify(control, 4);
    throw error;
  }
}

/** The source text of a thread. */
export function threadSource(): string {
  return `const { workerData } = require("node:worker_threads");
${claimTasks}
(${serve})(workerData, ${SPINS});`;
}
