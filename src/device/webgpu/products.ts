/** Products of a matrix and a vector of every row, each thread for its own unit. @module */
import type { GateCount } from "./cells/cell.ts";
import { type MatrixPlace, placeInLoop } from "./parameter_layout.ts";
import { eachRow, type RowVector, type ShapeScope } from "./rows_scope.ts";
import { range } from "./shader.ts";

/** Number of quads of a matrix that a thread reads at once. Their loads wait for the memory together. */
const QUADS_AT_ONCE = 4;

/**
 * Adds to each `a_row` the gates of unit `u`: the sum over k of vector[k] times row k of the matrix.
 *
 * Neighbouring threads read neighbouring quads. The threads of a unit, numbered by `s`, share the rows.
 */
export function addProduct(scope: ShapeScope, matrix: MatrixPlace, vector: RowVector): string {
  const { depth, units, gates } = matrix;
  const at = placeInLoop(matrix.at, matrix);
  return loopOverDepth(scope, {
    ...{ depth, gates, vector, perVector: 1 },
    quad: (i) => `weights[${at} + (k / ${4 / gates}u + ${i}u) * ${units}u + u]`,
    term: (i, values) => addGates(gates, `q_${i}`, values, i),
  });
}

/** Adds to each `a_row` the sum over units and gates of vector times row `u` of the matrix: its product with the transposed matrix. */
export function addTransposedProduct(
  scope: ShapeScope,
  matrix: MatrixPlace,
  vector: RowVector,
): string {
  const { depth, units, gates } = matrix;
  const at = placeInLoop(matrix.transposedAt, matrix);
  return loopOverDepth(scope, {
    ...{ depth: units, gates, vector, perVector: gates },
    quad: (i) => `transposed[${at} + (k / ${4 / gates}u + ${i}u) * ${depth}u + u]`,
    term: (i, values) => `dot(q_${i}, ${values(i)})`,
  });
}

interface DepthLoop {
  /** Number of rows, or units, that are summed over: a multiple of 4. */
  readonly depth: number;
  readonly gates: GateCount;
  readonly vector: RowVector;
  /** Number of values of the vector for each k. */
  readonly perVector: GateCount;
  /** Gives the `i`-th quad of the matrix from k on. */
  quad(i: number): string;
  /** Gives what the `i`-th quad adds. `values`: gives the `j`-th 4 values of the vector */
  term(i: number, values: (j: number) => string): string;
}

function loopOverDepth(scope: ShapeScope, loop: DepthLoop): string {
  const { depth, gates, vector, perVector, quad, term } = loop;
  const { shares } = scope.shape;
  const share = 4 * Math.ceil(depth / 4 / shares);
  const isEven = share * shares === depth;
  // 4 rows are as many quads as a unit has gates
  const most = scope.shape.memory === "workgroup" ? QUADS_AT_ONCE / gates : 1;
  const blocks = isEven ? [4, 2, 1].find((n) => n <= most && share % (4 * n) === 0)! : 1;
  const quads = range(blocks * gates);
  const from = shares === 1 ? "0u" : `s * ${share}u`;
  const to = shares === 1
    ? `${depth}u`
    : isEven
    ? `(s + 1u) * ${share}u`
    : `min((s + 1u) * ${share}u, ${depth}u)`;
  const readVector = (row: number): string =>
    range(blocks * perVector).map((j) => `let v_${j} = ${vector.quad(row, "k", j)};`).join(" ");
  return `{
    ${eachRow(scope, (row) => vector.declare(row))}
    for (var k = ${from}; k < ${to}; k += ${4 * blocks}u) {
      ${quads.map((i) => `let q_${i} = ${quad(i)};`).join("\n")}
      ${
    eachRow(scope, (row) =>
      `{ ${readVector(row)} a_${row} += ${
        quads.map((i) =>
          term(i, (j) =>
            `v_${j}`)
        ).join(" + ")
      }; }`)
  }
    }
  }`;
}

/** Writes the products of the `i`-th quad of a loop and the rows' values: 4 / gates rows, times the gates of each. */
function addGates(
  gates: GateCount,
  quad: string,
  values: (j: number) => string,
  i: number,
): string {
  const perQuad = 4 / gates;
  const value = (row: number): string => {
    const at = i * perQuad + row;
    return `${values(Math.floor(at / 4))}.${"xyzw"[at % 4]}`;
  };
  if (gates === 4) return `${quad} * ${value(0)}`;
  if (gates === 2) return `${quad}.xy * ${value(0)} + ${quad}.zw * ${value(1)}`;
  return `dot(${quad}, ${values(i)})`;
}
