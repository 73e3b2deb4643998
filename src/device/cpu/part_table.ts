/** The table of all parts of the parameters, over which the kernels that update and pack them divide their work. @module */
import type { ArgumentWriter } from "./arguments.ts";
import type { Part } from "./parts.ts";
import { structBytes } from "./structs.ts";

/** Addresses of a part's parameter and of the tensors beside it; 0: none. Those of a parameter are of its first value. */
export interface PartAddresses {
  readonly parameter: number;
  readonly m: number;
  readonly v: number;
  readonly gradient: number;
  /** Copies for products with the part, and with its transpose. */
  readonly forward: number;
  readonly transposed: number;
}

/** A table in memory. */
export interface PartTable {
  readonly address: number;
  /** Number of tasks of a kernel that goes over it. */
  readonly tasks: number;
}

/** Least number of values of a task, and about the largest number of tasks. */
const TASK_VALUES = 4096;
const MOST_TASKS = 512;

/** Number of a task that no call has. */
const NO_TASK = 0x7fffffff;

/** Gives the bytes of a table. */
export function partTableBytes(parts: readonly Part[]): number {
  return structBytes("PartArgs") * (parts.length + 1);
}

/** Writes the table, and a sentinel after its last part. */
export function writePartTable(
  writer: ArgumentWriter,
  parts: readonly Part[],
  addressesOf: (part: Part) => PartAddresses,
): PartTable {
  const values = parts.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  const taskValues = Math.max(TASK_VALUES, Math.ceil(values / MOST_TASKS));
  let tasks = 0;
  const addresses = parts.map((part) => {
    const { row, rows, column, columns, width, role } = part;
    const { parameter, m, v, gradient, forward, transposed } = addressesOf(part);
    const skipped = 4 * (row * width + column);
    const taskRows = 4 * Math.max(1, Math.floor(taskValues / columns / 4));
    const firstTask = tasks;
    tasks += Math.ceil(rows / taskRows);
    return writer.write("PartArgs", {
      ...{ firstTask, taskRows, rows, columns, stride: 4 * width },
      ...{ parameter: parameter + skipped, m: m + skipped, v: v + skipped },
      gradient: gradient + skipped,
      decays: Number(role !== "bias"),
      ...{ forward, transposed },
    });
  });
  writer.write("PartArgs", {
    ...{ firstTask: NO_TASK, taskRows: 0, rows: 0, columns: 0, stride: 0 },
    ...{ parameter: 0, m: 0, v: 0, gradient: 0, decays: 0, forward: 0, transposed: 0 },
  });
  return { address: addresses[0]!, tasks };
}
