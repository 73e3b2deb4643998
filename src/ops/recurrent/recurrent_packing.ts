/** The weights of a recurrent layer, and its input, packed for products. @module */
import type { KernelCall } from "../kernels.ts";
import type { Addresses } from "../layout.ts";
import { packColumns, packRows, packTransposed } from "../weight_gradients.ts";
import type { KeptBuffer, PackedBuffer } from "./recurrent_buffers.ts";
import type { RecurrentShape } from "./recurrent_shape.ts";

/** Addresses of the matrices to pack, and of the packed ones. */
type Packing = Addresses<KeptBuffer | PackedBuffer | "x" | "kernel" | "recurrentKernel">;

/** Packs the weights for x W and h U; for GRU, packs the candidate's columns of U separately. */
export function packForward(shape: RecurrentShape, at: Packing): KernelCall[] {
  const { inputSize, hidden, width, split, kind } = shape;
  const strideBytes = 4 * width;
  const { recurrentKernel } = at;
  const candidate = recurrentKernel + 4 * split;
  const recurrent = { strideBytes, depth: hidden };
  return [
    packColumns({ ...recurrent, from: recurrentKernel, to: at.packedRecurrent, columns: split }),
    packColumns({ ...recurrent, from: candidate, to: at.packedCandidate, columns: width - split }),
    ...(kind === "indices" ? [] : [packColumns({
      from: at.kernel,
      strideBytes,
      to: at.packedKernel,
      depth: inputSize,
      columns: width,
    })]),
  ];
}

/** Packs the weights for dz Wᵀ and dz Uᵀ, and the input for xᵀ dz. */
export function packBackward(shape: RecurrentShape, at: Packing): KernelCall[] {
  const { batch, steps, inputSize, hidden, width, split, kind } = shape;
  const strideBytes = 4 * width;
  const { recurrentKernel } = at;
  const candidate = recurrentKernel + 4 * split;
  const recurrent = { strideBytes, columns: hidden };
  const calls = [
    packTransposed({
      ...recurrent,
      from: recurrentKernel,
      to: at.transposedRecurrent,
      depth: split,
    }),
  ];
  if (split < width) {
    const to = at.transposedCandidate;
    calls.push(packTransposed({ ...recurrent, from: candidate, to, depth: width - split }));
  }
  if (kind === "indices") return calls;
  const repeated = kind === "repeated";
  return [
    ...calls,
    packTransposed({
      from: at.kernel,
      strideBytes,
      to: at.transposedKernel,
      depth: width,
      columns: inputSize,
    }),
    packRows({
      from: at.x,
      batchStrideBytes: 4 * inputSize * (repeated ? 1 : steps),
      stepStrideBytes: 4 * inputSize,
      to: at.inputPanels,
      steps: repeated ? 1 : steps,
      batch,
      features: inputSize,
      width: 4,
    }),
  ];
}
