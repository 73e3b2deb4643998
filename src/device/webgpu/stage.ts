/** A stage of the rows shader: a sum of products for every unit, then what each unit computes with it. @module */
import { type GateCount, gatesType } from "./cells/cell.ts";
import { barrier, eachRow, type RowsScope } from "./rows_scope.ts";
import { range } from "./shader.ts";

/** A stage. */
export interface Stage {
  /** Number of values of a unit's sum. */
  readonly gates: GateCount;
  /** Adds the thread's part of the sum to each `a_row`. */
  readonly products: string;
  /** Gives the statements of the unit `u` of a row. @param sum the whole sum */
  unit(row: number, sum: string): string;
}

/** Writes a stage. After it, every thread sees what the units have set. */
export function writeStage(scope: RowsScope, stage: Stage): string {
  const { shape, sizes } = scope;
  if (shape.memory === "storage") {
    return `
  for (var slot = 0u; slot < ${shape.slots}u; slot++) {
    let u = slot * ${shape.lanes}u + thread;
    if (u < ${sizes.units}u) {
      ${declareSums(scope, stage.gates)}
      ${stage.products}
      ${eachRow(scope, (row) => `{ ${stage.unit(row, `a_${row}`)} }`)}
    }
  }
  storageBarrier();`;
  }
  return `
  {
    ${declareSums(scope, stage.gates)}
    ${stage.products}
    ${shareSums(scope, stage.gates)}
    workgroupBarrier();
    ${eachRow(scope, (row) => ofOwner(scope, row, stage.unit(row, sumOf(scope, stage.gates, row))))}
    workgroupBarrier();
  }`;
}

/** Writes statements for each unit of each row, without a product before them. */
export function writeUnits(scope: RowsScope, unit: (row: number) => string): string {
  const { shape, sizes } = scope;
  const rows = eachRow(scope, (row) => ofOwner(scope, row, unit(row)));
  if (shape.memory === "workgroup") return `{ ${rows} ${barrier(scope)} }`;
  return `
  for (var slot = 0u; slot < ${shape.slots}u; slot++) {
    let u = slot * ${shape.lanes}u + thread;
    if (u < ${sizes.units}u) { ${rows} }
  }
  ${barrier(scope)}`;
}

/** Declares the memory of the threads' sums. @param most the largest number of gates of a group */
export function declareShares({ shape, sizes }: RowsScope, most: GateCount): string {
  if (shape.shares === 1) return "";
  const count = shape.shares * shape.rows * sizes.units;
  return `var<workgroup> shares: array<${gatesType(most)}, ${count}>;`;
}

function declareSums(scope: RowsScope, gates: GateCount): string {
  return eachRow(scope, (row) => `var a_${row} = ${gatesType(gates)}();`);
}

/** Hands a thread's sums to the owners of its rows. */
function shareSums(scope: RowsScope, gates: GateCount): string {
  if (scope.shape.shares === 1) return "";
  return eachRow(scope, (row) => `${shareOf(scope, gates, row, "s")} = a_${row};`);
}

/** Gives the sum of all shares, always in the same order. */
function sumOf(scope: RowsScope, gates: GateCount, row: number): string {
  const { shares } = scope.shape;
  if (shares === 1) return `a_${row}`;
  return `(${range(shares).map((s) => shareOf(scope, gates, row, `${s}u`)).join(" + ")})`;
}

function shareOf({ shape, sizes }: RowsScope, gates: GateCount, row: number, s: string): string {
  const most = Math.max(...sizes.cell.groups.map((group) => group.length));
  const share = `shares[(${s} * ${shape.rows}u + ${row}u) * ${sizes.units}u + u]`;
  return gates === most ? share : `${share}.x`; // a smaller group has one gate
}

/** Writes statements for the thread that owns a row: the shares of a unit take turns. */
function ofOwner({ shape }: RowsScope, row: number, statements: string): string {
  if (shape.shares === 1) return `{ ${statements} }`;
  return `if (s == ${row % shape.shares}u) { ${statements} }`;
}
