/** The backward pass of a recurrent layer. @module */
import type * as tf from "@tensorflow/tfjs";
import { runKernels } from "../kernels.ts";
import { type Addresses, laneBytes, type Layout, layOut, panelBytes } from "../layout.ts";
import { addressOf, type CpuBackend, makeResident, withScratch } from "../resident_tensors.ts";
import { edgeBytes } from "../weight_gradients.ts";
import {
  type KeptBuffer,
  keptLayout,
  panelsPerTask,
  recurrentCall,
  workOf,
} from "./recurrent_buffers.ts";
import {
  firstStepBackward,
  type FirstStepBuffer,
  firstStepLayout,
  type FirstStepScratch,
  firstStepScratch,
  sharesFirstStep,
  sumCarried,
} from "./recurrent_first_step.ts";
import type { RecurrentShape } from "./recurrent_shape.ts";
import {
  addFirstStepGradient,
  type Gradients,
  inputKernelGradient,
  recurrentKernelGradient,
  type ScratchBuffer,
} from "./recurrent_weight_gradients.ts";

/**
 * Runs a recurrent layer backward. It overwrites what the forward pass kept, so it can run once per forward pass.
 *
 * @returns gradients of kernel, recurrent kernel and bias, then of x unless it is indices
 */
export function runRecurrentBackward(
  inputs: Readonly<Record<"ticket" | "dy", tf.TensorInfo>>,
  shape: RecurrentShape,
  backend: CpuBackend,
): tf.TensorInfo[] {
  const { batch, steps, inputSize, hidden, width, kind } = shape;
  const results = [[inputSize, width], [hidden, width], [width]].map((size) =>
    makeResident(size, backend)
  );
  const dxShape = kind === "repeated" ? [batch, inputSize] : [batch, steps, inputSize];
  const dx = kind === "indices" ? undefined : makeResident(dxShape, backend);
  const [dKernel, dRecurrentKernel, dBias] = results.map((tensor) =>
    addressOf(tensor, backend)
  ) as [number, number, number];
  const layout = keptLayout(shape, true), ticket = addressOf(inputs.ticket, backend);
  const scratch = scratchLayout(shape), firstScratch = firstStepScratch(shape);
  withScratch(scratch.sizeBytes + firstScratch.sizeBytes, (address) => {
    const buffers = {
      ...layout.at(ticket),
      ...scratch.at(address),
      dy: addressOf(inputs.dy, backend),
      dx: dx === undefined ? 0 : addressOf(dx, backend),
    };
    const first = {
      ...firstStepLayout(shape, true).at(ticket + layout.sizeBytes),
      ...firstScratch.at(address + scratch.sizeBytes),
    };
    runCalls(shape, buffers, { first, gradients: { dKernel, dRecurrentKernel, dBias } });
  });
  return dx === undefined ? results : [...results, dx];
}

/** Runs the time steps, then the first time step if it is shared, then the weight gradients. */
function runCalls(
  shape: RecurrentShape,
  at: Addresses<KeptBuffer | ScratchBuffer | "dy" | "dx">,
  { first, gradients }: {
    first: Addresses<FirstStepBuffer | FirstStepScratch>;
    gradients: Gradients;
  },
): void {
  const work = workOf(shape), shared = sharesFirstStep(shape);
  const group = panelsPerTask(shape), begin = Number(shared);
  runKernels([recurrentCall(shape, at, { pass: "Backward", keep: true, group, begin })], work);
  const ofInput = inputKernelGradient(shape, at, { gradients, first });
  const ofStates = recurrentKernelGradient(shape, at, gradients);
  if (!shared) return runKernels([...ofInput, ...ofStates], work);
  runKernels([...ofInput, ...sumCarried(shape, at, first)], work);
  runKernels([firstStepBackward(shape, at, first), ...ofStates], work);
  runKernels(addFirstStepGradient(shape, first, gradients), 0);
}

/** Places the buffers that are used only during the pass. */
export function scratchLayout(shape: RecurrentShape): Layout<ScratchBuffer> {
  const { panels, steps, hidden, width, split, inputSize, kind } = shape;
  const rows = 8 * panels * steps;
  const once = kind === "repeated" ? 8 * panels : 0;
  return layOut({
    dzPanels: panelBytes(rows, split, 8),
    dzCandidatePanels: panelBytes(rows, width - split, 8),
    dzSumPanels: panelBytes(once, split, 8),
    dzSumCandidatePanels: panelBytes(once, width - split, 8),
    dStates: panels * laneBytes(hidden),
    dCells: panels * laneBytes(hidden),
    rowSums: kind === "indices"
      ? 32 * inputSize * (Math.ceil(split / 8) + Math.ceil(hidden / 8))
      : 0,
    edges: 4 * edgeBytes(width),
  });
}
