/** Makes random rows orthonormal: Gram–Schmidt in blocks, by the CPU's compute kernels on every device. @module */
import { scaleProgress, type Sliced } from "../../../time/slices.ts";
import { Engine } from "../engine.ts";
import { countThreads } from "../platform_threads.ts";
import type { KernelBuild } from "../kernel_build.ts";
import { type StructName, type StructValues, writeStruct } from "../structs.ts";

/** Rows by which all later rows are reduced together; rows made orthonormal one by one; rows per task. As in orthonormal.as. */
const PANEL = 128;
const BLOCK = 16;
const TASK_ROWS = 16;

/** Multiply-adds per slice and thread: about 20 ms. */
const SLICE_WORK = 1e8;

/** Drawing a row costs about as much as reducing a row by this many others. */
const DRAW_ROWS = 160;

/** A row is reduced a second time if less than this share of its length is left. */
const SECOND_PASS_SHARE = 0.1;

/**
 * Makes `count` orthonormal rows of `length` values: fills rows, then subtracts from each its projections on the rows before it and
 * divides it by its length. For normally distributed rows the result is uniform by Haar measure.
 *
 *   x_i -= Σ_j<i (q_j · x_i) q_j;  q_i = x_i / |x_i|
 *
 * All arithmetic is float64. The rows of a panel reduce all rows after it (block modified Gram–Schmidt: Barlow 2019). A row that lost much
 * of its length is reduced twice ("twice is enough": Giraud et al. 2005), so that the error of the products of the rows is about 1e-13 for
 * any condition of the filled rows. The result is the same for any number of threads and for both kernel builds.
 *
 * @param fill called once per row, in order
 * @returns float32, row-major (count, length); yields the share of the work that is done
 * @throws {RangeError} if the kernels' memory has no room for 8 bytes per value
 */
export function* orthonormalRows(
  fill: (row: Float64Array) => void,
  { count, length }: { readonly count: number; readonly length: number },
  { threads = countThreads().most, build }: OrthonormalOptions = {},
): Sliced<Float32Array> {
  using engine = new Engine({ threads, ...(build !== undefined && { build }) });
  const { heap } = engine;
  const stride = 64 * (Math.ceil(length / 8) | 1); // an odd number of cache lines, so that the values of a column do not share a cache set
  const padded = 4 * Math.ceil(length / 4);
  const taskRows = TASK_ROWS * Math.ceil(count / TASK_ROWS);
  const block: Rows = {
    ...{ engine, count, stride, length, padded },
    rows: heap.allocate(stride * count),
    coefficients: heap.allocate(8 * PANEL * taskRows),
    args: heap.allocate(ARGUMENT_BYTES),
  };
  yield* reduceAll(block, fill);
  const result = new Float32Array(count * length);
  for (let i = 0; i < count; i++) result.set(rowOf(block, i), i * length);
  return result;
}

/** How the rows are computed. The result does not depend on it. */
export interface OrthonormalOptions {
  /** Most threads. Default: the number of processors. */
  readonly threads?: number;
  /** The build of the compute kernels. Default: the one for this platform. */
  readonly build?: KernelBuild;
}

/** Bytes for the arguments of a call. */
const ARGUMENT_BYTES = 64;

/** The rows in the memory of an engine of their own, which is released with them. */
interface Rows {
  readonly engine: Engine;
  readonly rows: number;
  readonly count: number;
  /** Bytes from row to row. */
  readonly stride: number;
  readonly length: number;
  /** The length rounded up to 4. */
  readonly padded: number;
  readonly coefficients: number;
  /** Address for the arguments of a call. */
  readonly args: number;
}

function* reduceAll(block: Rows, fill: (row: Float64Array) => void): Sliced<void> {
  const { count } = block;
  const total = count * (count + DRAW_ROWS);
  const norms = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const row = rowOf(block, i, block.padded).fill(0);
    fill(row.subarray(0, block.length));
    norms[i] = normOf(row);
    yield DRAW_ROWS * (i + 1) / total;
  }
  for (let panel = 0; panel < count; panel += PANEL) {
    const end = Math.min(count, panel + PANEL);
    const share = (DRAW_ROWS * count + count ** 2 - (count - panel) ** 2) / total;
    for (let at = panel; at < end; at += BLOCK) {
      const next = Math.min(end, at + BLOCK);
      const isShort = (_: unknown, i: number): boolean =>
        normOf(rowOf(block, at + i)) < SECOND_PASS_SHARE * norms[at + i]!;
      if (Array.from({ length: next - at }).some(isShort)) {
        yield* scaleProgress(reduce(block, [0, at], [at, next]), () => share);
      }
      run(block, {
        ...{ kernel: "orthonormalizeRows", name: "OrthonormalizeArgs", tasks: 1, work: 0 },
        values: {
          rows: addressOf(block, at),
          count: next - at,
          stride: block.stride,
          length: block.padded,
        },
      });
      yield* scaleProgress(reduce(block, [at, next], [next, end]), () => share);
    }
    yield* scaleProgress(reduce(block, [panel, end], [end, count]), () => share);
  }
}

type Range = readonly [first: number, end: number];

/** Reduces some rows by others that are orthonormal. A slice takes some milliseconds. */
function* reduce(block: Rows, [done, doneEnd]: Range, [first, end]: Range): Sliced<void> {
  const { stride, padded, coefficients } = block;
  const workOfRow = 2 * (doneEnd - done) * padded;
  const tasks = Math.ceil(SLICE_WORK / (TASK_ROWS * workOfRow)) * block.engine.threads;
  for (let at = first; at < end; at += tasks * TASK_ROWS) {
    const count = Math.min(tasks * TASK_ROWS, end - at);
    run(block, {
      ...{ kernel: "reduceRows", name: "ReduceRowsArgs" },
      ...{ tasks: Math.ceil(count / TASK_ROWS), work: count * workOfRow },
      values: {
        ...{ done: addressOf(block, done), doneCount: doneEnd - done },
        ...{ rows: addressOf(block, at), rowCount: count, stride, length: padded, coefficients },
      },
    });
    yield 0;
  }
}

function run<Name extends StructName>(
  { engine, args }: Rows,
  { kernel, name, values, tasks, work }: {
    readonly kernel: string;
    readonly name: Name;
    readonly values: StructValues<Name>;
    readonly tasks: number;
    readonly work: number;
  },
): void {
  writeStruct(engine.heap.memory, { name, address: args, values });
  engine.run({ phases: [[{ kernel, args, tasks }]], work });
}

function addressOf({ rows, stride }: Rows, row: number): number {
  return rows + stride * row;
}

function rowOf(block: Rows, row: number, length = block.length): Float64Array {
  return new Float64Array(block.engine.heap.memory.buffer, addressOf(block, row), length);
}

function normOf(row: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += row[i]! * row[i]!;
  return Math.sqrt(sum);
}
