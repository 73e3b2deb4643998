/** Matrix products on the device. @module */
import type { TensorInfo } from "@tensorflow/tfjs";
import { type WebGpuBackend, withScratchTensors } from "./device.ts";
import { runShaders } from "./run_shader.ts";
import type { Shader } from "./shader.ts";
import { chooseTile, type TileShader, tileShader } from "./tile.ts";
import { WGSL } from "../wgsl.ts";

/** The offset of an index in memory: `floor(i / inner) · outer + (i mod inner) · step` values. */
export interface Axis {
  readonly step: number;
  /** Default: one loop. */
  readonly inner?: number;
  readonly outer?: number;
}

/** C = A B + bias. Strides and offsets are in values. */
export interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Values, or the indices of one-hot columns, int32; for indices, the rows of A need no axis. */
  readonly a: {
    readonly tensor: TensorInfo;
    readonly from?: number;
    readonly rows?: Axis;
    readonly depth: Axis;
  };
  readonly b: {
    readonly tensor: TensorInfo;
    readonly from?: number;
    readonly depthStride: number;
    readonly columnStride: number;
  };
  /** The result. Its rows lie one after the other by default. */
  readonly c: { readonly tensor: TensorInfo; readonly from?: number; readonly rows?: Axis };
  readonly bias?: TensorInfo;
  /** Receives the sums of B's columns over the depth. */
  readonly columnSums?: TensorInfo;
}

/** Depth from which a product is divided into parts, so that it occupies the device and sums stay short. */
const PART_DEPTH = 1024;

/** Largest number of parts. */
const MAX_PARTS = 16;

const PRODUCT: TileShader = tileShader("product", WGSL["webgpu/product"], [
  ...["read", "read", "read"] as const,
  ...["write", "write"] as const,
]);

const SUM_PARTS: Shader = {
  name: "sum_parts",
  code: WGSL["webgpu/sum_parts"],
  buffers: ["read", "write", "write"],
};

/** Adds a product to the commands: one dispatch, or two if it is divided into parts. */
export function multiply(product: Product, backend: WebGpuBackend): void {
  const { rows, columns, depth, c, bias } = product;
  const mayPart = c.rows?.inner === undefined && bias === undefined;
  const parts = mayPart ? Math.min(MAX_PARTS, Math.max(1, Math.ceil(depth / PART_DEPTH))) : 1;
  if (parts === 1) return runProduct(product, 1, backend);
  const ones = product.columnSums === undefined ? 0 : 1;
  withScratchTensors([[parts, rows + ones, columns]], backend, ([partial]) => {
    runProduct({ ...product, c: { tensor: partial! } }, parts, backend);
    runShaders([{
      shader: SUM_PARTS,
      parameters: {
        rows,
        columns,
        parts,
        ones,
        from: c.from ?? 0,
        stride: c.rows?.step ?? columns,
      },
      tensors: [partial, c.tensor, product.columnSums],
      workgroups: Math.ceil((rows + ones) * columns / 64),
    }], backend);
  });
}

function runProduct(product: Product, parts: number, backend: WebGpuBackend): void {
  const { rows, columns, depth, a, b, c, bias, columnSums } = product;
  const ones = columnSums === undefined ? 0 : 1;
  const { kind, constants, across, tiles } = chooseTile(
    { rows: rows + ones, groups: Math.ceil(columns / 4), depth },
    { a: a.depth.step === 1, b: b.depthStride === 1 },
    backend.device,
  );
  const isNested = [a.rows, a.depth, c.rows].some((axis) => axis?.inner !== undefined);
  runShaders([{
    shader: PRODUCT[kind],
    constants: { ...constants, ONE_HOT: a.rows === undefined, NESTED: isNested },
    parameters: {
      ...{ rows, columns, depth, parts, partDepth: Math.ceil(depth / parts), across, tiles },
      ...{ ones, addBias: Number(bias !== undefined) },
      sumsRow: ones === 1 && parts === 1 ? rows : 0xffffffff,
      partStride: parts === 1 ? 0 : (rows + ones) * columns,
      aFrom: a.from ?? 0,
      ...axis("aRows", a.rows ?? { step: 0 }),
      ...axis("aDepth", a.depth),
      ...{ bFrom: b.from ?? 0, bDepthStride: b.depthStride, bColumnStride: b.columnStride },
      ...{ cFrom: c.from ?? 0 },
      ...axis("cRows", c.rows ?? { step: columns }),
    },
    tensors: [a.tensor, b.tensor, bias, c.tensor, columnSums],
    workgroups: tiles * parts,
  }], backend);
}

function axis(name: string, { step, inner = 0xffffffff, outer = 0 }: Axis): Record<string, number> {
  return { [`${name}Inner`]: inner, [`${name}Outer`]: outer, [`${name}Step`]: step };
}
