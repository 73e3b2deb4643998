import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createHeap } from "../../../src/device/cpu/heap.ts";
import { compileKernels } from "../../../src/device/cpu/kernel_build.ts";
import {
  type StructName,
  type StructValues,
  writeStruct,
} from "../../../src/device/cpu/structs.ts";
import { type Phase, type Program, ThreadPool } from "../../../src/device/cpu/thread_pool.ts";
import { CONTROL, type Kernels } from "../../../src/device/cpu/thread_worker.ts";

/** Places in memory after the control block. */
const ARGS = 24_576;
const VALUES = 32_768;
const RESULTS = 49_152;

/** Loads the kernels with their own memory. The caller's thread may run other functions under their names. */
function loadProgram(overrides: (control: Int32Array) => Kernels = () => ({})): Program {
  const { memory } = createHeap(24_576);
  const module = compileKernels("simd");
  const { exports } = new WebAssembly.Instance(module, { env: { memory, log: Math.log } });
  const control = new Int32Array(memory.buffer, 0, CONTROL.sizeBytes / 4);
  (exports as Kernels).writeConstants!(0, 0, 0);
  return { module, memory, kernels: { ...exports as Kernels, ...overrides(control) } };
}

function spinUntil(control: Int32Array, word: number): void {
  while (Atomics.load(control, word) === 0);
}

/** Writes arguments at the n-th of their places. */
function write<Name extends StructName>(
  { memory }: Program,
  place: number,
  name: Name,
  values: StructValues<Name>,
): number {
  const address = ARGS + 64 * place;
  writeStruct(memory, { name, address, values });
  return address;
}

/** Makes a job whose two tasks take some tenths of a second, and do nothing. */
function longJob(program: Program): Phase {
  const panels = 2 ** 27;
  const args = write(program, 0, "ProductArgs", {
    ...{ a: 0, aStride: 0, b: 0, bStride: 0, out: 0, outStride: 0, depth: 0, rows: 0 },
    ...{ columns: 8 * panels - 8, group: panels / 2, edges: 0, bias: 0 },
  });
  return [{ kernel: "multiplyPanels", args, tasks: 2 }];
}

Deno.test("ThreadPool does every task exactly once, phase after phase, call after call", async () => {
  const program = loadProgram();
  const pool = new ThreadPool(program);
  pool.addThread();
  pool.addThread();
  assertEquals(pool.size, 3);
  const parts = 30, count = 32;
  const values = new Float32Array(program.memory.buffer, VALUES, parts * count);
  const sums = new Float64Array(program.memory.buffer, RESULTS, parts * 4);
  const squash: Phase = Array.from({ length: parts }, (_, i) => ({
    kernel: "applyActivation",
    args: write(program, i, "ApplyArgs", {
      ...{ from: VALUES + 4 * i * count, to: VALUES + 4 * i * count, count, activation: 2 },
    }),
    tasks: 1,
  }));
  const add: Phase = [{
    kernel: "sumSquares",
    args: write(program, parts, "SquaresArgs", {
      ...{ values: VALUES, count: parts * count, chunk: 8, sums: RESULTS },
    }),
    tasks: parts * 4,
  }];
  const plans = [[squash, add], [squash, squash, add], [add]];
  for (let call = 0; call < 600; call++) {
    const plan = plans[call % plans.length]!;
    values.fill(call / 100);
    sums.fill(NaN);
    pool.run(plan);
    let expected = Math.fround(call / 100);
    for (let i = 1; i < plan.length; i++) expected = Math.tanh(expected);
    const isRight = (sum: number): boolean => Math.abs(sum - 8 * expected ** 2) <= 1e-5 * sum;
    assertEquals(sums.every(isRight), true, `call ${call}: ${sums}`);
  }
  pool[Symbol.dispose]();
  await pool.ended();
});

Deno.test("ThreadPool ends its threads when it is released, including sleeping ones", async () => {
  const pool = new ThreadPool(loadProgram());
  pool.addThread();
  pool[Symbol.dispose]();
  await pool.ended();
  assertThrows(() => pool.run([]), Error, "the pool is released");
});

Deno.test("ThreadPool names the thread on which a kernel fails", async () => {
  const program = loadProgram((control) => ({
    sumSquares: () => spinUntil(control, CONTROL.failed),
  }));
  const pool = new ThreadPool(program);
  pool.addThread();
  const outside = -64; // arguments beyond the end of the memory: the kernel traps
  assertThrows(
    () => pool.run([[{ kernel: "sumSquares", args: outside, tasks: 2 }]]),
    Error,
    "thread 1 of 2 is dead: a compute kernel failed on it",
  );
  await pool.ended();
});

Deno.test("ThreadPool names the thread on which a kernel fails, if others wait for it at the end of a phase", async () => {
  const program = loadProgram((control) => ({
    sumSquares: () => spinUntil(control, CONTROL.failed),
  }));
  const pool = new ThreadPool(program);
  for (let i = 0; i < 3; i++) pool.addThread();
  const failing: Phase = [{ kernel: "sumSquares", args: -64, tasks: 2 }];
  assertThrows(
    () => pool.run([failing, longJob(program)]),
    Error,
    "of 4 is dead: a compute kernel failed on it",
  );
  await pool.ended();
});

Deno.test("ThreadPool ends after a kernel failed on the caller's thread, with its error", async () => {
  const failure = new Error("a trap");
  const program = loadProgram(() => ({
    sumSquares: () => {
      throw failure;
    },
  }));
  const pool = new ThreadPool(program);
  assertThrows(() => pool.run([[{ kernel: "sumSquares", args: ARGS, tasks: 1 }]]), Error, "a trap");
  assertThrows(() => pool.run([]), Error, "the pool is released");
  await pool.ended();
});

Deno.test("ThreadPool names a thread that does not answer, and stops waiting for it", async () => {
  const program = loadProgram((control) => ({
    multiplyPanels: () => spinUntil(control, CONTROL.busy + 1),
  }));
  const pool = new ThreadPool(program, { stallMs: 20 });
  pool.addThread();
  assertThrows(
    () => pool.run([longJob(program)]),
    Error,
    "thread 1 of 2 is dead: it has not answered for 20 ms",
  );
  await pool.ended();
});

Deno.test("ThreadPool waits longer for a thread if there is more work", async () => {
  const run = async (work: number): Promise<void> => {
    const program = loadProgram((control) => ({
      multiplyPanels: () => spinUntil(control, CONTROL.busy + 1),
    }));
    const pool = new ThreadPool(program, { stallMs: 20 });
    pool.addThread();
    try {
      pool.run([longJob(program)], work);
    } finally {
      pool[Symbol.dispose]();
      await pool.ended();
    }
  };
  await assertRejects(() => run(0), Error, "it has not answered for 20 ms");
  await run(1e12);
});

Deno.test("ThreadPool refuses an unknown kernel, and more jobs than fit", () => {
  using pool = new ThreadPool(loadProgram());
  const job = (kernel: string): Phase[number] => ({ kernel, args: ARGS, tasks: 0 });
  assertThrows(() => pool.run([[job("nothing")]]), TypeError, '"nothing"');
  const many = Array.from({ length: 1000 }, () => job("sumSquares"));
  assertThrows(() => pool.run([many]), RangeError, "Cannot run 1000 jobs at once");
});
