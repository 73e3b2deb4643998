/** Calls of the kernels that pack matrices and compute weight gradients. @module */
import { threadCount } from "../backend/threads.ts";
import type { KernelCall } from "./kernels.ts";
import { panelRows } from "./layout.ts";

/** Most panels of columns that share each read of the rows; fewer if threads would be idle. */
const MAX_GROUP = 4;

/** A row-major matrix, or some of its columns, to pack as the right-hand side of a product. */
export interface Packing {
  readonly from: number;
  /** Bytes from row to row. */
  readonly strideBytes: number;
  readonly to: number;
  readonly depth: number;
  readonly columns: number;
}

/** Packs B[k][n] = from[k][n]. */
export function packColumns(packing: Packing): KernelCall {
  return pack("packColumns", packing);
}

/** Packs B[k][n] = from[n][k]. */
export function packTransposed(packing: Packing): KernelCall {
  return pack("packTransposed", packing);
}

function pack(kernel: string, { from, strideBytes, to, depth, columns }: Packing): KernelCall {
  return {
    kernel,
    args: [from, strideBytes, to, depth, columns],
    tasks: Math.ceil(columns / 4),
  };
}

/** Rows (b, t) of an activation, to pack for a product over the rows. */
export interface RowPacking {
  readonly from: number;
  readonly batchStrideBytes: number;
  readonly stepStrideBytes: number;
  readonly to: number;
  readonly steps: number;
  readonly batch: number;
  readonly features: number;
  /** Features per panel. */
  readonly width: 4 | 8;
}

/** Packs rows in the order of time steps. In each, the batch is rounded up to 8; rows past the batch are zeros. */
export function packRows(packing: RowPacking): KernelCall {
  const { from, batchStrideBytes, stepStrideBytes, to, steps, batch, features, width } = packing;
  return {
    kernel: "packRows",
    args: [
      ...[from, batchStrideBytes, stepStrideBytes, to],
      4 * width * panelRows(steps * roundUp8(batch)),
      ...[steps, batch, roundUp8(batch), features, width],
    ],
    tasks: Math.ceil(features / width),
  };
}

/** A weight gradient: the sum over all rows of the outer products of `b` and `a`. */
export interface WeightGradient {
  /** Gradient of the layer's outputs: panels of 8. */
  readonly a: number;
  /** Rows in each panel of `a` and `b`. */
  readonly panelRows: number;
  /** First row of `a` that is used. */
  readonly aFrom: number;
  readonly columns: number;
  /** The layer's inputs: panels of 4. */
  readonly b: number;
  readonly rows: number;
  /** Number of rows to sum over. */
  readonly depth: number;
  /** Address of the first element; (rows, …) row-major. */
  readonly out: number;
  readonly outStrideBytes: number;
  /** `edgeBytes(columns)` bytes. */
  readonly edges: number;
}

/** out[n][m] = sum over rows k of b[k][n] · a[k][m]. */
export function multiplyPanels(gradient: WeightGradient): KernelCall {
  const { a, aFrom, columns, b, rows, depth, out, outStrideBytes, edges } = gradient;
  const room = panelRows(gradient.panelRows);
  const group = Math.max(1, Math.min(MAX_GROUP, Math.floor(columns / 8 / (4 * threadCount()))));
  return {
    kernel: "multiplyPanels",
    args: [
      ...[a + 32 * aFrom, 32 * room, b, 16 * room, out, outStrideBytes],
      ...[depth, columns, rows, group, edges],
    ],
    tasks: Math.ceil(columns / 8 / group),
  };
}

/** Bytes that a weight gradient needs for its edges. */
export function edgeBytes(columns: number): number {
  return 128 * Math.ceil(columns / 8);
}

/** out[m] = sum over rows of a[k][m]: a bias gradient. */
export function sumPanelRows(a: number, depth: number, columns: number, out: number): KernelCall {
  return {
    kernel: "sumPanelRows",
    args: [a, 32 * panelRows(depth), out, depth, columns],
    tasks: Math.ceil(columns / 8),
  };
}

/** Rounds a batch up to whole panels. */
function roundUp8(batch: number): number {
  return 8 * Math.ceil(batch / 8);
}
