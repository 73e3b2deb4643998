/** A stage of the shaders with attention: a sum of products for every lane, then what each lane computes with it. @module */
import { type GateCount, gatesType } from "../cells/cell.ts";
import { eachRow } from "../rows_scope.ts";
import { range } from "../shader.ts";
import type { AttentionScope } from "./attention_scope.ts";

/** A stage. A lane is a unit of a layer or, of both directions together, a unit of one. */
export interface LaneStage {
  /** Number of lanes. A thread takes several, one after another, if there are more than threads. */
  readonly lanes: number;
  /** Declares what the texts need besides `lane`, such as the unit `u`. */
  readonly declare: string;
  /** The products, if there are any. */
  readonly sum?: {
    /** Number of values of a lane's sum. */
    readonly gates: GateCount;
    /** Adds the thread's part of the sum to each `a_row`. */
    readonly products: string;
  };
  /** Gives the statements of a lane of a row. @param sum the whole sum */
  unit(row: number, sum: string): string;
}

/** Declares the unit of a stage whose lanes are the units of one layer. */
export const UNIT_IS_LANE = "let u = lane;";

/** Writes a stage. After it, every thread sees what the lanes have set. */
export function writeLaneStage(scope: AttentionScope, stage: LaneStage): string {
  const { shape } = scope;
  const { sum } = stage;
  const slots = Math.ceil(stage.lanes / shape.lanes);
  const isShared = sum !== undefined && shape.shares > 1;
  const own = `thread % ${shape.lanes}u`;
  const isLane = (statements: string): string =>
    slots * shape.lanes === stage.lanes
      ? statements
      : `if (lane < ${stage.lanes}u) { ${statements} }`;
  return `
  ${slots === 1 ? "{" : `for (var slot = 0u; slot < ${slots}u; slot++) {`}
    let lane = ${slots === 1 ? own : `slot * ${shape.lanes}u + ${own}`};
    ${stage.declare}
    ${sum === undefined ? "" : writeSums(scope, sum, isLane)}
    ${isShared ? "workgroupBarrier();" : ""}
    ${
    isLane(eachRow(scope, (row) =>
      `if (s == ${row % shape.shares}u) { ${
        stage.unit(row, sum === undefined ? "" : sumOf(scope, sum.gates, row))
      } }`))
  }
    ${isShared && slots > 1 ? "workgroupBarrier();" : ""}
  }
  storageBarrier();`;
}

/** Declares the memory of the threads' sums. */
export function declareLaneShares(scope: AttentionScope): string {
  const { shape } = scope;
  if (shape.shares === 1) return "";
  const count = shape.shares * shape.rows * shape.lanes;
  return `var<workgroup> shares: array<${gatesType(mostGates(scope))}, ${count}>;`;
}

function writeSums(
  scope: AttentionScope,
  { gates, products }: NonNullable<LaneStage["sum"]>,
  isLane: (statements: string) => string,
): string {
  const give = (row: number): string => `${shareOf(scope, gates, row, "s")} = a_${row};`;
  return `
    ${eachRow(scope, (row) => `var a_${row} = ${gatesType(gates)}();`)}
    ${isLane(products)}
    ${scope.shape.shares === 1 ? "" : eachRow(scope, give)}`;
}

/** Gives the sum of all shares, always in the same order. */
function sumOf(scope: AttentionScope, gates: GateCount, row: number): string {
  const { shares } = scope.shape;
  if (shares === 1) return `a_${row}`;
  return `(${range(shares).map((s) => shareOf(scope, gates, row, `${s}u`)).join(" + ")})`;
}

function shareOf(scope: AttentionScope, gates: GateCount, row: number, s: string): string {
  const { shape } = scope;
  const share =
    `shares[(${s} * ${shape.rows}u + ${row}u) * ${shape.lanes}u + thread % ${shape.lanes}u]`;
  return gates === mostGates(scope) ? share : `${share}.x`; // a smaller sum has one gate
}

function mostGates({ sizes }: AttentionScope): GateCount {
  return Math.max(...sizes.cell.groups.map((group) => group.length)) as GateCount;
}
