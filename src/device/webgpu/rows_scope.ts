/** What the pieces of the rows shader know of each other. @module */
import type { RepeatNetwork } from "../../network/network.ts";
import { keptIndex, type KeptLayout, type KeptPlace, type Pass } from "./kept_layout.ts";
import type { NetworkSizes } from "./network_sizes.ts";
import type { ParameterLayout } from "./parameter_layout.ts";
import type { RowsShape } from "./rows_shape.ts";
import { each, range } from "./shader.ts";

/**
 * What the pieces of the rows shader know.
 *
 * In their text, `u` is the thread's unit, `s` its share of the depth, `first` the workgroup's first row, and `stride` the number
 * of rows that are kept. A row of the workgroup is a number of the template: its code is written once for every row.
 */
export interface RowsScope {
  readonly network: RepeatNetwork;
  readonly sizes: NetworkSizes;
  readonly parameters: ParameterLayout;
  readonly kept: KeptLayout;
  readonly shape: RowsShape;
  readonly pass: Pass;
}

/** The shape of a workgroup: all that a piece of text needs that does the same for every network. */
export type ShapeScope = Pick<RowsScope, "shape">;

/** A vector of every row that the threads of a workgroup read of each other. */
export interface RowVector {
  /** Declares what `quad` needs. */
  declare(row: number): string;
  /** Gives the `j`-th 4 values from unit `k` on; a unit has one or more. */
  quad(row: number, k: string, j: number): string;
}

/** A vector in the workgroup's memory: `count` values of each unit. */
export function workgroupVector(name: string, count: 1 | 2 | 4): RowVector {
  return {
    declare: () => "",
    quad(row, k, j): string {
      const at = (i: number): string => `${name}[${row}][${k} + ${i + j * 4 / count}u]`;
      return count === 4 ? at(0) : `vec4f(${range(4 / count).map(at).join(", ")})`;
    },
  };
}

/** A vector that is kept: that of a time step, from some column on; a unit has `count` values. */
export function keptVector(
  place: KeptPlace,
  time: string,
  { column = 0, count = 1 }: { readonly column?: number; readonly count?: 1 | 2 | 4 } = {},
): RowVector {
  return {
    declare: (row) => `let from_${row} = ${keptIndex(place, time, rowOf(row), `${column}u`)};`,
    quad(row, k, j): string {
      if (place.buffer === "kept_quads") return `kept_quads[from_${row} + ${k} + ${j}u]`;
      const unit = count === 1 ? k : `${count}u * (${k})`;
      const at = (i: number): string => `${place.buffer}[from_${row} + ${unit} + ${4 * j + i}u]`;
      return `vec4f(${range(4).map(at).join(", ")})`;
    },
  };
}

/** Gives the name of a row among those that are kept. */
export function rowOf(row: number): string {
  return `(first + ${row}u)`;
}

/** Writes a text for every row of the workgroup. */
export function eachRow({ shape }: ShapeScope, write: (row: number) => string): string {
  return each(shape.rows, write);
}

/** Declares a variable for each row and unit of a thread. It is set to zero, because naga 29 sets it only once where a loop declares it. */
export function declareOwn({ shape }: RowsScope, name: string, type: string): string {
  return `var ${name} = array<${type}, ${shape.rows * shape.slots}>();`;
}

/** Gives a thread's variable of a row and of the unit `u`. */
export function own({ shape }: RowsScope, name: string, row: number): string {
  return shape.slots === 1 ? `${name}[${row}]` : `${name}[slot * ${shape.rows}u + ${row}u]`;
}

/** Writes a barrier after which threads read what others have set for the next stage. */
export function barrier({ shape }: RowsScope): string {
  return shape.memory === "workgroup" ? "workgroupBarrier();" : "storageBarrier();";
}
