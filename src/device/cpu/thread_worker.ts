/** The program of a thread, and the words of shared memory that coordinate threads. @module */

/**
 * Words (int32) of the control block, which begins at address 0.
 *
 * The tasks of a call are numbered through all its jobs, in the order of its phases. A thread claims the next task by adding 1 to NEXT. The
 * claim succeeds if START <= claim < START + TOTAL. Before it runs the task, it waits until all tasks of earlier phases are done: DONE
 * counts them. Since tasks are claimed in order, some thread works at each of those.
 *
 * A call of the pool writes the jobs and DONE, then START, then TOTAL, then NEXT = START; then it adds 1 to CALL. Every call moves START past
 * NEXT, and a thread reads START last, so that a claim that comes too late for one call does not count for the next.
 */
export const CONTROL = {
  call: 0,
  start: 1,
  total: 2,
  next: 3,
  done: 4,
  /** Number of the pool in use; threads of any other pool end. */
  pool: 6,
  /** Index of the thread on which a kernel failed. */
  failed: 7,
  /** One word per thread, beginning with the caller's: 1 while the thread works at a task. */
  busy: 16,
  /**
   * Five words per job: number of its kernel, address of its arguments, first task after it, tasks of the phases before it, first task
   * after its phase.
   */
  table: 272,
  /** Bytes of the whole block. */
  sizeBytes: 20_480,
} as const;

/** Words of a job in the table. */
export const JOB_WORDS = 5;

/** Most threads, including the caller's, and most jobs per call, that the control block has room for. */
export const MAX_THREADS = CONTROL.table - CONTROL.busy;
export const MAX_JOBS = Math.floor((CONTROL.sizeBytes / 4 - CONTROL.table) / JOB_WORDS);

/** How often a thread looks for the next call before it sleeps: about 50 µs. */
const CALL_SPINS = 5000;

/**
 * How often a thread looks for the end of a phase before it sleeps: about 0.1 ms. On a busy machine, a thread that spins for longer is the one
 * that the system stops when it has work again.
 */
export const PHASE_SPINS = 10_000;

/** Kernels by name, as an instance exports them. */
export type Kernels = Readonly<Record<string, Kernel>>;

/** A compute kernel: address of its arguments, number of the task, number of the thread. */
export type Kernel = (args: number, task: number, self: number) => void;

/**
 * Claims and runs tasks of the present call until none is left.
 *
 * @param self the thread's index, 0 for the caller
 * @param awaitDone waits until so many tasks are done; false: the thread must end
 */
export function claimTasks(
  control: Int32Array,
  kernels: readonly Kernel[],
  { self, awaitDone }: { readonly self: number; readonly awaitDone: (tasks: number) => boolean },
): void {
  let job = 272, call = 0;
  for (;;) {
    const claim = Atomics.add(control, 3, 1);
    const total = Atomics.load(control, 2);
    const start = Atomics.load(control, 1);
    const task = (claim - start) | 0;
    if (task < 0 || task >= total) return;
    if (start !== call) job = 272; // the claim may already be one of the next call
    call = start;
    while (task >= control[job + 2]!) job += 5;
    if (Atomics.load(control, 4) < control[job + 3]! && !awaitDone(control[job + 3]!)) return;
    const first = job === 272 ? 0 : control[job - 3]!, phaseEnd = control[job + 4];
    Atomics.store(control, 16 + self, 1);
    kernels[control[job]!]!(control[job + 1]!, task - first, self);
    Atomics.store(control, 16 + self, 0);
    if (Atomics.add(control, 4, 1) + 1 === phaseEnd) Atomics.notify(control, 4);
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

/** What a thread uses besides its data. */
interface ThreadSettings {
  readonly claimTasks: typeof claimTasks;
  readonly callSpins: number;
  readonly phaseSpins: number;
  readonly bytes: number;
}

/** Works at calls until the thread's pool is released. It runs as source text, so it may use no outer name. */
function serve(
  { module, memory, index, pool, call }: ThreadStart,
  { claimTasks, callSpins, phaseSpins, bytes }: ThreadSettings,
): void {
  const control = new Int32Array(memory.buffer, 0, bytes / 4);
  const { exports } = new WebAssembly.Instance(module, { env: { memory, log: Math.log } });
  const kernels = Object.keys(exports).sort().map((name) => exports[name] as () => void);
  const thread = { // a method, because bundlers that keep names mark other functions by one of their own
    self: index,
    awaitDone(tasks: number): boolean {
      for (let i = 0; i < phaseSpins; i++) if (Atomics.load(control, 4) >= tasks) return true;
      for (;;) {
        const done = Atomics.load(control, 4);
        if (done >= tasks) return true;
        if (Atomics.load(control, 6) !== pool) return false;
        Atomics.wait(control, 4, done, 10);
      }
    },
  };
  let seen = call;
  try {
    while (Atomics.load(control, 6) === pool) {
      claimTasks(control, kernels, thread);
      for (let i = 0; i < callSpins && Atomics.load(control, 0) === seen; i++);
      Atomics.wait(control, 0, seen);
      seen = Atomics.load(control, 0);
    }
  } catch (error) {
    Atomics.store(control, 7, index);
    Atomics.notify(control, 4);
    throw error;
  }
}

/**
 * Gives the source text of a thread: a statement that returns when the thread's pool is released.
 *
 * @param start an expression that gives its {@linkcode ThreadStart}
 */
export function threadSource(start: string): string {
  const settings = {
    callSpins: CALL_SPINS,
    phaseSpins: PHASE_SPINS,
    bytes: CONTROL.sizeBytes,
  };
  return `(${serve})(${start}, { claimTasks: ${claimTasks}, ...${JSON.stringify(settings)} });`;
}
