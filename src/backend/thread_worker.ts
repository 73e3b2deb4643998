/** The program of a thread, and the words of shared memory that coordinate threads. @module */

/**
 * Words (int32) of the control block, which begins at address 0.
 *
 * The tasks of a call are divided into as many ranges as there are threads. A thread begins with its own range, because its core's cache
 * holds what it wrote there in the last call; then it helps with the others. It claims a task by adding 1 to the range's NEXT. The claim
 * succeeds if START <= claim < START + size of the range.
 *
 * A call of the pool writes the jobs and DONE, then START, then RANGES and TOTAL, then every NEXT = START; then it adds 1 to CALL. Every
 * call moves START past every NEXT, and a thread reads START last, so that a claim that comes too late for one call does not count for
 * the next.
 */
export const CONTROL = {
  call: 0,
  ranges: 1,
  start: 2,
  total: 3,
  done: 4,
  /** Number of the pool in use; threads of any other pool end. */
  pool: 6,
  /** Index of the thread on which a kernel failed. */
  failed: 7,
  /** One word per thread, beginning with the caller's: 1 while the thread works at a task. */
  busy: 16,
  /** Three words per job: number of its kernel, address of its arguments, first task after it. */
  table: 272,
  /** One word per range. */
  next: 320,
  /** Bytes of the whole block. */
  sizeBytes: 4096,
} as const;

/** Most threads, including the caller's, and most jobs per call, that the control block has room for. */
export const MAX_THREADS = CONTROL.table - CONTROL.busy;
export const MAX_JOBS = (CONTROL.next - CONTROL.table) / 3;

/** How often a thread looks for work before it sleeps: about 50 µs, the time between two calls of a step. */
const SPINS = 5000;

/** Kernels by name, as an instance exports them. */
export type Kernels = Readonly<Record<string, (args: number, task: number) => void>>;

/** Claims and runs tasks of the present call until none is left. `self` is the thread's index, 0 for the caller. */
export function claimTasks(
  control: Int32Array,
  kernels: readonly ((args: number, task: number) => void)[],
  self: number,
): void {
  const threads = Atomics.load(control, 1);
  for (let turn = 0; turn < threads;) {
    const range = (self + turn) % threads;
    const claim = Atomics.add(control, 320 + range, 1);
    const total = Atomics.load(control, 3);
    const ranges = Atomics.load(control, 1);
    const first = Math.floor(range * total / ranges);
    const size = range < ranges ? Math.floor((range + 1) * total / ranges) - first : 0;
    const offset = (claim - Atomics.load(control, 2)) | 0;
    if (offset < 0 || offset >= size) {
      turn++;
      continue;
    }
    const task = first + offset;
    let job = 272;
    while (task >= control[job + 2]!) job += 3;
    Atomics.store(control, 16 + self, 1);
    const before = job === 272 ? 0 : control[job - 1]!;
    kernels[control[job]!]!(control[job + 1]!, task - before);
    Atomics.store(control, 16 + self, 0);
    if (Atomics.add(control, 4, 1) + 1 === total) Atomics.notify(control, 4);
  }
}

/** The data that a thread starts with. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Index from 1; 0 is the caller. */
  readonly index: number;
  /** The pool it belongs to. */
  readonly pool: number;
  /** The value of `call` when it was started. */
  readonly call: number;
}

/** Works at calls until the thread's pool is released. It runs as source text, so `claimTasks` is the only outer name it may use. */
function serve({ module, memory, index, pool, call }: ThreadStart, spins: number): void {
  const control = new Int32Array(memory.buffer, 0, 1024);
  const { exports } = new WebAssembly.Instance(module, { env: { memory, log: Math.log } });
  const kernels = Object.keys(exports).sort().map((name) => exports[name] as () => void);
  let seen = call;
  try {
    while (Atomics.load(control, 6) === pool) {
      claimTasks(control, kernels, index);
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
