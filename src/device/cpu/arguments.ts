/** Writes the arguments of kernels one after the other into a block. @module */
import { structBytes, type StructName, type StructValues, writeStruct } from "./structs.ts";

/** Writes structs into a block of memory. */
export interface ArgumentWriter {
  /** Writes a struct after those before it. @returns its address */
  write<Name extends StructName>(name: Name, values: StructValues<Name>): number;
}

/** Makes a writer. @throws {RangeError} when the block is full */
export function createArgumentWriter(
  memory: WebAssembly.Memory,
  { address, sizeBytes }: { readonly address: number; readonly sizeBytes: number },
): ArgumentWriter {
  let next = address;
  return {
    write(name, values): number {
      const written = next;
      next += structBytes(name);
      if (next > address + sizeBytes) {
        throw new RangeError(`Cannot write arguments: they need more than ${sizeBytes} bytes`);
      }
      writeStruct(memory, { name, address: written, values });
      return written;
    },
  };
}
