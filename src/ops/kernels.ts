/** The compute kernels of the CPU: the build in use, its memory, its calls. Nothing is loaded before the first call. @module */
import { createHeap, type Heap } from "../backend/heap.ts";
import type { Job, Program } from "../backend/thread_pool.ts";
import { CONTROL, type Kernels } from "../backend/thread_worker.ts";
import { runJobs } from "../backend/threads.ts";
import { kernels_relaxed } from "./kernels_relaxed.ts";
import { kernels_simd } from "./kernels_simd.ts";

/** A build of the compute kernels: with fused multiply-add, or for platforms without relaxed SIMD. */
export type KernelBuild = "relaxed" | "simd";

/** A call of one kernel. Its arguments are 32-bit fields in the order of the struct in the `.as` file. */
export interface KernelCall {
  readonly kernel: string;
  readonly args: readonly (number | Float)[];
  readonly tasks: number;
}

/** An argument that is a float32 instead of an integer. */
export interface Float {
  readonly float: number;
}

/** Bytes reserved for the arguments of one kernel call. */
const ARGUMENT_BYTES = 256;
const ARGUMENTS_AT = CONTROL.sizeBytes;
const HEAP_AT = 16_384;

let heap: Heap | undefined;
let program: Program | undefined;
let integers: Int32Array = new Int32Array();
let floats: Float32Array = new Float32Array();
let chosen: KernelBuild | undefined;

/** Gives the heap in the memory of the compute kernels. */
export function kernelHeap(): Heap {
  return heap ??= createHeap(HEAP_AT);
}

/** Gives the build in use. */
export function kernelBuild(): KernelBuild {
  return chosen ??= WebAssembly.validate(RELAXED_PROBE) ? "relaxed" : "simd";
}

/** Loads a build, for comparisons; undefined loads the one for this platform. */
export function useKernelBuild(build: KernelBuild | undefined): void {
  chosen = build;
  program = undefined;
}

/**
 * Runs independent kernel calls, on all threads if they are large.
 *
 * @param work approximate number of multiply-adds of all calls
 */
export function runKernels(calls: readonly KernelCall[], work: number): void {
  program ??= loadProgram();
  const jobs: Job[] = [];
  for (const { kernel, args, tasks } of calls) {
    if (tasks === 0) continue;
    const at = ARGUMENTS_AT + jobs.length * ARGUMENT_BYTES;
    writeArguments(at, args);
    jobs.push({ kernel, args: at, tasks });
  }
  runJobs(program, jobs, work);
}

/** Gives a part of kernel memory as floats. */
export function floatsAt(address: number, count: number): Float32Array {
  return new Float32Array(kernelHeap().memory.buffer, address, count);
}

/** Gives a part of kernel memory as integers. */
export function integersAt(address: number, count: number): Int32Array {
  return new Int32Array(kernelHeap().memory.buffer, address, count);
}

function writeArguments(at: number, args: readonly (number | Float)[]): void {
  args.forEach((value, i) => {
    if (typeof value === "number") integers[at / 4 + i] = value;
    else floats[at / 4 + i] = value.float;
  });
}

function loadProgram(): Program {
  const { memory } = kernelHeap();
  const text = kernelBuild() === "relaxed" ? kernels_relaxed : kernels_simd;
  const module = new WebAssembly.Module(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
  const instance = new WebAssembly.Instance(module, { env: { memory, log: Math.log } });
  const kernels = instance.exports as unknown as Kernels;
  kernels.writeConstants!(0, 0);
  integers = new Int32Array(memory.buffer, 0, HEAP_AT / 4);
  floats = new Float32Array(memory.buffer, 0, HEAP_AT / 4);
  return { module, memory, kernels };
}

/** A module with one function: f32x4.relaxed_madd of three constants. */
const RELAXED_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic, version
  ...[1, 5, 1, 96, 0, 1, 123], // type: () -> v128
  ...[3, 2, 1, 0], // one function of that type
  ...[10, 19, 1, 17, 0, 65, 0, 253, 17, 65, 0, 253, 17, 65, 0, 253, 17, 253, 133, 2, 11], // its body
);
