/** The dense layer's forward and backward pass: their buffers and kernel calls. @module */
import type * as tf from "@tensorflow/tfjs";
import { type KernelCall, runKernels } from "../kernels.ts";
import type { LayerBytes } from "../layer_bytes.ts";
import { laneBytes, type Layout, layOut, packedBytes, panelBytes } from "../layout.ts";
import {
  addressOf,
  type CpuBackend,
  makeResident,
  makeTicket,
  withScratch,
} from "../resident_tensors.ts";
import {
  edgeBytes,
  multiplyPanels,
  packColumns,
  packRows,
  packTransposed,
  sumPanelRows,
} from "../weight_gradients.ts";

/** The sizes of one call, and whether a gradient will be computed. */
export interface DenseAttributes {
  /** B, T, I, V */
  readonly shape: readonly [number, number, number, number];
  readonly keep: boolean;
}

/** Gives the number of rows of x and of their panels of 8. */
function sizesOf(
  [B, T, I, V]: DenseAttributes["shape"],
): Record<"R" | "I" | "V" | "panels", number> {
  return { R: B * T, I, V, panels: Math.ceil(B * T / 8) };
}

/** Computes y = x W + b. @returns float32 (B, T, V), and a ticket for the backward pass */
export function runDenseForward(
  inputs: Readonly<Record<"x" | "kernel" | "bias", tf.TensorInfo>>,
  { shape, keep }: DenseAttributes,
  backend: CpuBackend,
): tf.TensorInfo[] {
  const { R, I, V, panels } = sizesOf(shape);
  const [x, kernel, bias] = [inputs.x, inputs.kernel, inputs.bias].map((tensor) =>
    addressOf(tensor, backend)
  ) as [number, number, number];
  const y = makeResident([shape[0], shape[1], V], backend);
  const kept = keptLayout(shape);
  const ticket = makeTicket(keep ? kept.sizeBytes : 0, backend);
  const layout = forwardLayout(shape);
  withScratch(layout.sizeBytes, (address) => {
    const at = layout.at(address);
    const packing = { from: kernel, strideBytes: 4 * V };
    const calls = [packColumns({ ...packing, to: at.packed, depth: I, columns: V })];
    if (keep) {
      const { transposed, xPanels } = kept.at(addressOf(ticket, backend));
      calls.push(
        packTransposed({ ...packing, to: transposed, depth: V, columns: I }),
        packAll(x, { rows: R, to: xPanels, features: I, width: 4 }),
      );
    }
    runKernels(calls, 0);
    const args = [R, I, V, x, at.packed, bias, addressOf(y, backend), at.inputs, at.outputs];
    runKernels([{ kernel: "denseForward", args, tasks: panels }], R * I * V);
  });
  return [y, ticket];
}

/** Computes dx = dy Wᵀ, dW = xᵀ dy and db. @returns the three, shaped as x, W and b */
export function runDenseBackward(
  inputs: Readonly<Record<"ticket" | "dy", tf.TensorInfo>>,
  { shape }: DenseAttributes,
  backend: CpuBackend,
): tf.TensorInfo[] {
  const { R, I, V, panels } = sizesOf(shape);
  const results = [shape.slice(0, 3), [I, V], [V]].map((size) => makeResident(size, backend));
  const [dx, dKernel, dBias] = results.map((tensor) => addressOf(tensor, backend)) as [
    number,
    number,
    number,
  ];
  const { transposed, xPanels } = keptLayout(shape).at(addressOf(inputs.ticket, backend));
  const dy = addressOf(inputs.dy, backend);
  const layout = backwardLayout(shape);
  withScratch(layout.sizeBytes, (address) => {
    const at = layout.at(address);
    runKernels([packAll(dy, { rows: R, to: at.dyPanels, features: V, width: 8 })], 0);
    runKernels([
      {
        kernel: "denseBackward",
        args: [R, I, V, 0, 0, 0, 0, at.inputs, at.outputs, transposed, dy, dx],
        tasks: panels,
      },
      multiplyPanels({
        a: at.dyPanels,
        panelRows: 8 * panels,
        aFrom: 0,
        columns: V,
        b: xPanels,
        rows: I,
        depth: 8 * panels,
        out: dKernel,
        outStrideBytes: 4 * V,
        edges: at.edges,
      }),
      sumPanelRows(at.dyPanels, 8 * panels, V, dBias),
    ], 2 * R * I * V);
  });
  return results;
}

/** Counts the bytes of the kernels' memory that the layer takes. `keep` says whether a gradient will be computed. */
export function denseBytes({ shape, keep }: DenseAttributes): LayerBytes {
  return {
    kept: keep ? keptLayout(shape).sizeBytes : 0,
    forward: forwardLayout(shape).sizeBytes,
    backward: keep ? backwardLayout(shape).sizeBytes : 0,
  };
}

function forwardLayout(
  shape: DenseAttributes["shape"],
): Layout<"packed" | "inputs" | "outputs"> {
  const { I, V, panels } = sizesOf(shape);
  return layOut({
    packed: packedBytes(I, V),
    inputs: panels * laneBytes(I),
    outputs: panels * laneBytes(V),
  });
}

function backwardLayout(
  shape: DenseAttributes["shape"],
): Layout<"inputs" | "outputs" | "dyPanels" | "edges"> {
  const { I, V, panels } = sizesOf(shape);
  return layOut({
    inputs: panels * laneBytes(I),
    outputs: panels * laneBytes(V),
    dyPanels: panelBytes(8 * panels, V, 8),
    edges: edgeBytes(V),
  });
}

/** The buffers that the backward pass reads: Wᵀ, and x as panels. */
function keptLayout(shape: DenseAttributes["shape"]): Layout<"transposed" | "xPanels"> {
  const { I, V, panels } = sizesOf(shape);
  return layOut({ transposed: packedBytes(V, I), xPanels: panelBytes(8 * panels, I, 4) });
}

/** Packs all R rows as one time step of R examples. */
function packAll(
  from: number,
  options: { rows: number; to: number; features: number; width: 4 | 8 },
): KernelCall {
  const { rows, to, features, width } = options;
  return packRows({
    from,
    batchStrideBytes: 4 * features,
    stepStrideBytes: 0,
    to,
    steps: 1,
    batch: rows,
    features,
    width,
  });
}
