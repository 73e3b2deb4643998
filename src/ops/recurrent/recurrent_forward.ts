/** The forward pass of a recurrent layer: its buffers and its kernel calls. @module */
import type * as tf from "@tensorflow/tfjs";
import { threadCount } from "../../backend/threads.ts";
import { integersAt, type KernelCall, runKernels } from "../kernels.ts";
import {
  type Addresses,
  laneBytes,
  type Layout,
  layOut,
  packedBytes,
  panelBytes,
} from "../layout.ts";
import {
  addressOf,
  type CpuBackend,
  makeResident,
  makeTicket,
  withScratch,
} from "../resident_tensors.ts";
import { packBackward, packForward } from "./recurrent_packing.ts";
import type { RecurrentShape } from "./recurrent_shape.ts";

/** Buffers that the backward pass reads. */
export type KeptBuffer =
  | "gates"
  | "cells"
  | "squashed"
  | "states"
  | "projected"
  | "inputs"
  | "statePanels"
  | "resetPanels"
  | "transposedKernel"
  | "transposedRecurrent"
  | "transposedCandidate"
  | "inputPanels"
  | "indices";

/** Weights as the forward pass multiplies with them. */
export type PackedBuffer = "packedKernel" | "packedRecurrent" | "packedCandidate";

/** Addresses of everything that the kernel's struct names; 0 where a pass does not need it. */
export type RecurrentBuffers = Partial<
  Addresses<
    | KeptBuffer
    | PackedBuffer
    | "x"
    | "kernel"
    | "bias"
    | "y"
    | "dy"
    | "dx"
    | "dzPanels"
    | "dzCandidatePanels"
    | "dzSumPanels"
    | "dzSumCandidatePanels"
    | "dStates"
    | "dCells"
  >
>;

/**
 * Runs a recurrent layer forward.
 *
 * @returns states, float32 (B, T, H) or (B, 1, H), and the ticket of what was kept
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
  const run = (packedAt: number, keptAt: number): void => {
    const buffers = { ...packed.at(packedAt), ...kept.at(keptAt), x, kernel, bias, y };
    const packing = { ...buffers, recurrentKernel };
    const calls = packForward(shape, packing);
    runKernels(keep ? [...calls, ...packBackward(shape, packing)] : calls, workOf(shape));
    const group = panelsPerTask(shape);
    runKernels([recurrentCall(shape, buffers, { pass: "Forward", keep, group })], workOf(shape));
  };
  if (keep) {
    const ticket = makeTicket(kept.sizeBytes, backend);
    const keptAt = addressOf(ticket, backend);
    if (shape.kind === "indices") {
      integersAt(kept.at(keptAt).indices, batch * steps).set(integersAt(x, batch * steps));
    }
    withScratch(packed.sizeBytes, (at) => run(at, keptAt));
    return [states, ticket];
  }
  withScratch(
    packed.sizeBytes + kept.sizeBytes,
    (at) => run(at, at + packed.sizeBytes),
  );
  return [states, makeTicket(0, backend)];
}

/** Where the kept buffers lie; without a gradient to take, one time step of each is enough. */
export function keptLayout(shape: RecurrentShape, keep: boolean): Layout<KeptBuffer> {
  const { panels, batch, steps, hidden, width, split, inputSize, cell, kind } = shape;
  const times = panels * (keep ? steps : 1);
  const cells = cell.name === "simple" ? 0 : times * laneBytes(hidden);
  const whenKept = (sizeBytes: number): number => keep ? sizeBytes : 0;
  const indices = kind === "indices";
  const inputRows = 8 * panels * (kind === "repeated" ? 1 : steps);
  const stateBytes = whenKept(panelBytes(8 * panels * steps, hidden, 4));
  return layOut({
    gates: times * laneBytes(width),
    cells,
    squashed: cells,
    states: panels * laneBytes(hidden),
    projected: kind === "repeated" ? panels * laneBytes(width) : 0,
    inputs: indices ? 0 : panels * laneBytes(inputSize),
    statePanels: stateBytes,
    resetPanels: cell.name === "gru" ? stateBytes : 0,
    transposedKernel: whenKept(indices ? 0 : packedBytes(width, inputSize)),
    transposedRecurrent: whenKept(packedBytes(split, hidden)),
    transposedCandidate: whenKept(packedBytes(width - split, hidden)),
    inputPanels: whenKept(indices ? 0 : panelBytes(inputRows, inputSize, 4)),
    indices: whenKept(indices ? 4 * batch * steps : 0),
  });
}

/** Multiply-adds of a pass that threads can share, about: they share the panels. */
export function workOf({ panels, batch, steps, hidden, width }: RecurrentShape): number {
  return panels === 1 ? 0 : batch * steps * hidden * width;
}

/** Weights of more bytes than this do not stay in the second-level cache: then several panels share each reading of them. */
const CACHED_WEIGHT_BYTES = 1 << 20;

/** Panels a task: few, so that no thread waits long for another. It does not change any result. */
export function panelsPerTask({ panels, hidden, width }: RecurrentShape): number {
  if (4 * hidden * width <= CACHED_WEIGHT_BYTES) return 1;
  return Math.max(1, Math.min(8, Math.floor(panels / (2 * threadCount()))));
}

/** The call of a cell's kernel; its arguments are the fields of `RecurrentArgs` in recurrent.as. */
export function recurrentCall(
  shape: RecurrentShape,
  at: RecurrentBuffers,
  options: { pass: "Forward" | "Backward"; keep: boolean; group: number },
): KernelCall {
  const { batch, steps, inputSize, hidden, width, kind, wanted, panels } = shape;
  const { pass, keep, group } = options;
  return {
    kernel: `${shape.cell.name}${pass}`,
    args: [
      ...[batch, steps, inputSize, hidden, width],
      ...[["indices", "repeated", "sequence"].indexOf(kind), Number(keep)],
      ...[Number(wanted === "last"), group],
      ...[at.x, at.kernel, at.bias, at.packedKernel, at.packedRecurrent, at.packedCandidate],
      ...[at.y, at.gates, at.cells, at.squashed, at.states, at.projected, at.inputs],
      ...[at.statePanels, at.resetPanels, at.dy],
      ...[at.transposedKernel, at.transposedRecurrent, at.transposedCandidate],
      ...[at.dzPanels, at.dzCandidatePanels, at.dzSumPanels, at.dzSumCandidatePanels],
      ...[at.dStates, at.dCells, at.dx],
    ].map((value) => value ?? 0),
    tasks: Math.ceil(panels / group),
  };
}

function packedLayout(shape: RecurrentShape): Layout<PackedBuffer> {
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
