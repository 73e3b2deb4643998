/** Calls of single kernels, with buffers that are filled with NaN first. @module */
import { Engine } from "../../../src/device/cpu/engine.ts";
import type { KernelBuild } from "../../../src/device/cpu/kernel_build.ts";
import {
  structBytes,
  type StructName,
  type StructValues,
  writeStruct,
} from "../../../src/device/cpu/structs.ts";

/** Every build of the kernels. */
export const BUILDS: readonly KernelBuild[] = ["relaxed", "simd"];

/** Memory for the calls of a test. */
export class KernelCalls implements Disposable {
  readonly engine: Engine;

  constructor(build: KernelBuild, threads = 1) {
    this.engine = new Engine({ threads, build });
  }

  /** Allocates floats, filled with NaN or with values. @returns their address */
  floats(content: number | ArrayLike<number>): number {
    const count = typeof content === "number" ? content : content.length;
    const address = this.engine.heap.allocate(4 * count);
    const view = this.engine.floats(address, count + 16).fill(NaN); // also what a kernel may read past the end
    if (typeof content !== "number") view.set(Array.from(content));
    return address;
  }

  /** Copies floats out. */
  read(address: number, count: number): Float32Array {
    return this.engine.floats(address, count).slice();
  }

  /** Runs all tasks of a kernel. */
  run<Name extends StructName>(
    kernel: string,
    { name, values, tasks }: {
      readonly name: Name;
      readonly values: StructValues<Name>;
      readonly tasks: number;
    },
  ): void {
    const args = this.write(name, values);
    this.engine.run({ phases: [[{ kernel, args, tasks }]], work: 0 });
  }

  /** Writes a struct. @returns its address */
  write<Name extends StructName>(name: Name, values: StructValues<Name>): number {
    const { heap } = this.engine;
    const address = heap.allocate(structBytes(name));
    writeStruct(heap.memory, { name, address, values });
    return address;
  }

  [Symbol.dispose](): void {
    this.engine[Symbol.dispose]();
  }
}

/** Gives scale · cos(phase + 1.3 n). */
export function waves(count: number, phase: number, scale = 0.5): Float32Array {
  return new Float32Array(count).map((_, n) => scale * Math.cos(phase + 1.3 * n));
}
