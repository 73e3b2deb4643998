/** The forward pass of a recurrent layer. @module */
import type * as tf from "@tensorflow/tfjs";
import { integersAt, runKernels } from "../kernels.ts";
import { type Layout, layOut, packedBytes } from "../layout.ts";
import {
  addressOf,
  type CpuBackend,
  makeResident,
  makeTicket,
  withScratch,
} from "../resident_tensors.ts";
import {
  keptLayout,
  type PackedBuffer,
  panelsPerTask,
  recurrentCall,
  workOf,
} from "./recurrent_buffers.ts";
import { firstStepForward, firstStepLayout, sharesFirstStep } from "./recurrent_first_step.ts";
import { packBackward, packForward } from "./recurrent_packing.ts";
import type { RecurrentShape } from "./recurrent_shape.ts";

/**
 * Runs a recurrent layer forward.
 *
 * @returns states, float32 (B, T, H) or (B, 1, H), and a ticket for the backward pass
 * @throws {RangeError} if an index is not below I
 */
export function runRecurrentForward(
  inputs: Readonly<Record<"x" | "kernel" | "recurrentKernel" | "bias", tf.TensorInfo>>,
  attrs: { readonly shape: RecurrentShape; readonly keep: boolean },
  backend: CpuBackend,
): tf.TensorInfo[] {
  const { shape, keep } = attrs;
  const { batch, steps, hidden } = shape;
  const [x, kernel, recurrentKernel, bias] = [
    addressOf(inputs.x, backend),
    addressOf(inputs.kernel, backend),
    addressOf(inputs.recurrentKernel, backend),
    addressOf(inputs.bias, backend),
  ];
  if (shape.kind === "indices") checkIndices(x, shape);
  const states = makeResident([batch, shape.wanted === "last" ? 1 : steps, hidden], backend);
  const y = addressOf(states, backend);
  const packed = packedLayout(shape);
  const kept = keptLayout(shape, keep);
  const firstLayout = firstStepLayout(shape, keep);
  const keptBytes = kept.sizeBytes + firstLayout.sizeBytes;
  const run = (packedAt: number, keptAt: number): void => {
    const buffers = { ...packed.at(packedAt), ...kept.at(keptAt), x, kernel, bias, y };
    const packing = { ...buffers, recurrentKernel };
    const calls = packForward(shape, packing);
    runKernels(keep ? [...calls, ...packBackward(shape, packing)] : calls, workOf(shape));
    const first = firstLayout.at(keptAt + kept.sizeBytes);
    const shared = sharesFirstStep(shape);
    if (shared) runKernels([firstStepForward(shape, buffers, { first, keep })], workOf(shape));
    const { firstProducts, firstStates } = first;
    const call = recurrentCall(shape, { ...buffers, firstProducts, firstStates }, {
      pass: "Forward",
      keep,
      group: panelsPerTask(shape),
      begin: Number(shared),
    });
    runKernels([call], workOf(shape));
  };
  if (keep) {
    const ticket = makeTicket(keptBytes, backend);
    const keptAt = addressOf(ticket, backend);
    if (shape.kind === "indices") {
      integersAt(kept.at(keptAt).indices, batch * steps).set(integersAt(x, batch * steps));
    }
    withScratch(packed.sizeBytes, (at) => run(at, keptAt));
    return [states, ticket];
  }
  withScratch(
    packed.sizeBytes + keptBytes,
    (at) => run(at, at + packed.sizeBytes),
  );
  return [states, makeTicket(0, backend)];
}

/** Places the packed weights, which are used only during the pass. */
export function packedLayout(shape: RecurrentShape): Layout<PackedBuffer> {
  const { inputSize, hidden, width, split, kind } = shape;
  return layOut({
    packedKernel: kind === "indices" ? 0 : packedBytes(inputSize, width),
    packedRecurrent: packedBytes(hidden, split),
    packedCandidate: packedBytes(hidden, width - split),
  });
}

function checkIndices(x: number, { batch, steps, inputSize }: RecurrentShape): void {
  for (const index of integersAt(x, batch * steps)) {
    if (index >= 0 && index < inputSize) continue;
    throw new RangeError(
      `Cannot run the recurrent layer: every index must be from 0 to ${
        inputSize - 1
      }, but one is ${index}`,
    );
  }
}
