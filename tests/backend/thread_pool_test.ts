import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createHeap } from "../../src/backend/heap.ts";
import { type Program, ThreadPool } from "../../src/backend/thread_pool.ts";
import { CONTROL, type Kernels } from "../../src/backend/thread_worker.ts";
import { kernels_simd } from "../../src/ops/kernels_simd.ts";

const ARGS = 8192;

/** Loads the kernels with their own memory. The caller's thread may run other functions under their names. */
function loadProgram(overrides: (control: Int32Array) => Kernels = () => ({})): Program {
  const { memory } = createHeap(16_384);
  const module = new WebAssembly.Module(
    Uint8Array.from(atob(kernels_simd), (c) => c.charCodeAt(0)),
  );
  const { exports } = new WebAssembly.Instance(module, { env: { memory, log: Math.log } });
  const control = new Int32Array(memory.buffer, 0, CONTROL.sizeBytes / 4);
  return { module, memory, kernels: { ...exports as unknown as Kernels, ...overrides(control) } };
}

function spinUntil(control: Int32Array, word: number): void {
  while (Atomics.load(control, word) === 0);
}

Deno.test("ThreadPool does every task exactly once, call after call", async () => {
  const program = loadProgram();
  const pool = new ThreadPool(program);
  pool.addThread();
  pool.addThread();
  assertEquals(pool.size, 3);
  const tasks = 64;
  const sums = new Float32Array(program.memory.buffer, 32_768, 8 * tasks);
  const panels = new Float32Array(program.memory.buffer, 20_480, 8 * 4).fill(1);
  const args = new Int32Array(program.memory.buffer, ARGS, 5);
  for (let call = 0; call < 300; call++) {
    args.set([panels.byteOffset, 0, sums.byteOffset, 4, 8 * tasks]);
    sums.fill(NaN);
    panels.fill(call);
    pool.run([{ kernel: "sumPanelRows", args: ARGS, tasks }]);
    assertEquals(sums.every((value) => value === 4 * call), true, `call ${call}`);
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
    sumPanelRows: () => spinUntil(control, CONTROL.failed),
  }));
  const pool = new ThreadPool(program);
  pool.addThread();
  const outside = -64; // arguments beyond the end of the memory: the kernel traps
  assertThrows(
    () => pool.run([{ kernel: "sumPanelRows", args: outside, tasks: 2 }]),
    Error,
    "thread 1 of 2 is dead: a compute kernel failed on it",
  );
  await pool.ended();
});

Deno.test("ThreadPool names a thread that does not answer, and stops waiting for it", async () => {
  const program = loadProgram((control) => ({
    packRows: () => spinUntil(control, CONTROL.busy + 1),
  }));
  const pool = new ThreadPool(program, { stallMs: 50 });
  pool.addThread();
  const endless = 2 ** 31 - 1; // time steps of no rows: seconds of work
  new Int32Array(program.memory.buffer, ARGS, 10).set([0, 0, 0, 0, 0, endless, 0, 0, 0, 4]);
  assertThrows(
    () => pool.run([{ kernel: "packRows", args: ARGS, tasks: 2 }]),
    Error,
    "thread 1 of 2 is dead: it has not answered for 50 ms",
  );
  await pool.ended();
});

Deno.test("ThreadPool waits longer for a thread if there is more work", async () => {
  const run = async (work: number): Promise<void> => {
    const program = loadProgram((control) => ({
      packRows: () => spinUntil(control, CONTROL.busy + 1),
    }));
    const pool = new ThreadPool(program, { stallMs: 20 });
    pool.addThread();
    const steps = 2 ** 27; // of no rows: a tenth of a second or more
    new Int32Array(program.memory.buffer, ARGS, 10).set([0, 0, 0, 0, 0, steps, 0, 0, 0, 4]);
    try {
      pool.run([{ kernel: "packRows", args: ARGS, tasks: 2 }], work);
    } finally {
      pool[Symbol.dispose]();
      await pool.ended();
    }
  };
  await assertRejects(() => run(0), Error, "it has not answered for 20 ms");
  await run(1e12);
});

Deno.test("ThreadPool refuses an unknown kernel", () => {
  using pool = new ThreadPool(loadProgram());
  assertThrows(() => pool.run([{ kernel: "nothing", args: 0, tasks: 1 }]), TypeError, '"nothing"');
});
