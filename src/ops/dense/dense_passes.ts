/** The dense layer's forward and backward pass: their buffers and kernel calls. @module */
import type * as tf from "@tensorflow/tfjs";
import { type KernelCall, runKernels } from "../kernels.ts";
import { laneBytes, layOut, packedBytes, panelBytes } from "../layout.ts";
import { addressOf, type CpuBackend, makeResident, withScratch } from "../resident_tensors.ts";
import {
  edgeBytes,
  multiplyPanels,
  packColumns,
  packRows,
  packTransposed,
  sumPanelRows,
} from "../weight_gradients.ts";

/** The sizes of one call: rows R = B · T. */
interface DenseShape {
  readonly rows: number;
  readonly inputSize: number;
  readonly outputSize: number;
}

/** Computes y = x W + b. @returns float32 (B, T, V) */
export function runDenseForward(
  inputs: Readonly<Record<"x" | "kernel" | "bias", tf.TensorInfo>>,
  backend: CpuBackend,
): tf.TensorInfo {
  const shape = denseShape(inputs);
  const { rows, inputSize, outputSize } = shape;
  const panels = Math.ceil(rows / 8);
  const y = makeResident([...inputs.x.shape.slice(0, -1), outputSize], backend);
  const layout = layOut({
    packed: packedBytes(inputSize, outputSize),
    inputs: panels * laneBytes(inputSize),
    outputs: panels * laneBytes(outputSize),
  });
  withScratch(layout.sizeBytes, (address) => {
    const { packed, inputs: inputLanes, outputs } = layout.at(address);
    const from = addressOf(inputs.kernel, backend);
    const strideBytes = 4 * outputSize;
    const packing = { from, strideBytes, to: packed, depth: inputSize, columns: outputSize };
    runKernels([packColumns(packing)], 0);
    const [x, bias] = [addressOf(inputs.x, backend), addressOf(inputs.bias, backend)];
    runKernels([{
      kernel: "denseForward",
      args: [
        ...[rows, inputSize, outputSize, x, packed, bias, addressOf(y, backend)],
        ...[inputLanes, outputs],
      ],
      tasks: panels,
    }], workOf(shape));
  });
  return y;
}

/** Computes dx = dy Wᵀ, dW = xᵀ dy and db. @returns the three, shaped as x, W and b */
export function runDenseBackward(
  inputs: Readonly<Record<"x" | "kernel" | "dy", tf.TensorInfo>>,
  backend: CpuBackend,
): tf.TensorInfo[] {
  const shape = denseShape(inputs);
  const { rows, inputSize, outputSize } = shape;
  const panels = Math.ceil(rows / 8);
  const results = [inputs.x.shape, inputs.kernel.shape, [outputSize]].map((size) =>
    makeResident(size, backend)
  );
  const [dx, dKernel, dBias] = results.map((tensor) => addressOf(tensor, backend)) as [
    number,
    number,
    number,
  ];
  const layout = layOut({
    transposed: packedBytes(outputSize, inputSize),
    inputs: panels * laneBytes(inputSize),
    outputs: panels * laneBytes(outputSize),
    xPanels: panelBytes(8 * panels, inputSize, 4),
    dyPanels: panelBytes(8 * panels, outputSize, 8),
    edges: edgeBytes(outputSize),
  });
  withScratch(layout.sizeBytes, (address) => {
    const at = layout.at(address);
    const dy = addressOf(inputs.dy, backend);
    const kernel = addressOf(inputs.kernel, backend);
    const x = addressOf(inputs.x, backend);
    runKernels([
      packTransposed({
        from: kernel,
        strideBytes: 4 * outputSize,
        to: at.transposed,
        depth: outputSize,
        columns: inputSize,
      }),
      packAll(x, { ...shape, to: at.xPanels, features: inputSize, width: 4 }),
      packAll(dy, { ...shape, to: at.dyPanels, features: outputSize, width: 8 }),
    ], workOf(shape));
    runKernels([
      {
        kernel: "denseBackward",
        args: [
          ...[rows, inputSize, outputSize, 0, 0, 0, 0, at.inputs, at.outputs],
          ...[at.transposed, dy, dx],
        ],
        tasks: panels,
      },
      multiplyPanels({
        a: at.dyPanels,
        aRows: 8 * panels,
        aFrom: 0,
        columns: outputSize,
        b: at.xPanels,
        bRows: 8 * panels,
        rows: inputSize,
        depth: 8 * panels,
        out: dKernel,
        outStrideBytes: 4 * outputSize,
        edges: at.edges,
      }),
      sumPanelRows(at.dyPanels, 8 * panels, outputSize, dBias),
    ], 2 * workOf(shape));
  });
  return results;
}

function denseShape(inputs: Readonly<Record<"x" | "kernel", tf.TensorInfo>>): DenseShape {
  const [inputSize, outputSize] = inputs.kernel.shape as [number, number];
  const rows = inputs.x.shape.reduce((a, b) => a * b, 1) / inputSize;
  return { rows, inputSize, outputSize };
}

function workOf({ rows, inputSize, outputSize }: DenseShape): number {
  return rows * inputSize * outputSize;
}

/** Packs all rows: as one time step of R examples. */
function packAll(
  from: number,
  options: { rows: number; to: number; features: number; width: 4 | 8 },
): KernelCall {
  const { rows, to, features, width } = options;
  const batchStrideBytes = 4 * features;
  return packRows({
    from,
    batchStrideBytes,
    stepStrideBytes: 0,
    to,
    steps: 1,
    batch: rows,
    features,
    width,
  });
}
