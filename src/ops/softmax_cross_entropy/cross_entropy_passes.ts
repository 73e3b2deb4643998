/** The two passes of softmax cross-entropy: their buffers and kernel calls. @module */
import type * as tf from "@tensorflow/tfjs";
import { BATCH_FIGURES } from "./batch_figures.ts";
import { floatsAt, integersAt, kernelHeap, runKernels } from "../kernels.ts";
import {
  addressOf,
  type CpuBackend,
  makeResident,
  makeTicket,
  withScratch,
} from "../resident_tensors.ts";

/** Characters per task. */
const TASK_CHARACTERS = 256;

/** Approximate cost of a logit in multiply-adds: an exponential, a few passes. */
const WORK_PER_LOGIT = 30;

/**
 * Measures logits against targets, and keeps softmax - oneHot for the gradient.
 *
 * @returns the figures, float32 (3), and a ticket for the gradient
 * @throws {RangeError} if a target is not below V
 */
export function measureLogits(
  inputs: Readonly<Record<"logits" | "targets", tf.TensorInfo>>,
  backend: CpuBackend,
): tf.TensorInfo[] {
  const [B, T, V] = inputs.logits.shape as [number, number, number];
  const targets = addressOf(inputs.targets, backend);
  checkTargets(integersAt(targets, B * T), V);
  const logits = addressOf(inputs.logits, backend);
  const ticket = makeTicket(4 * B * T * V, backend);
  const group = Math.ceil(TASK_CHARACTERS / T);
  const tasks = Math.ceil(B / group);
  const figures = makeResident([3], backend);
  withScratch(24 * tasks, (sums) => {
    runKernels([{
      kernel: "crossEntropy",
      args: [B, T, V, group, logits, targets, addressOf(ticket, backend), sums],
      tasks,
    }], WORK_PER_LOGIT * B * T * V);
    floatsAt(addressOf(figures, backend), 3).set(addFigures(sums, tasks, { B, T }));
  });
  return [figures, ticket];
}

/** Computes dLogits = (softmax - oneHot) / (B T) · dLoss. @returns float32 (B, T, V) */
export function scaleDifference(
  inputs: Readonly<Record<"ticket" | "dFigures", tf.TensorInfo>>,
  shape: readonly [number, number, number],
  backend: CpuBackend,
): tf.TensorInfo {
  const [B, T, V] = shape;
  const dLogits = makeResident(shape, backend);
  const dLoss = floatsAt(addressOf(inputs.dFigures, backend), 3)[BATCH_FIGURES.loss]!;
  const from = addressOf(inputs.ticket, backend);
  runKernels([{
    kernel: "scaleValues",
    args: [from, addressOf(dLogits, backend), B * T * V, { float: dLoss / (B * T) }],
    tasks: 1,
  }], 0);
  return dLogits;
}

/** Adds the sums of the tasks, always in the same order. */
function addFigures(sums: number, tasks: number, { B, T }: { B: number; T: number }): number[] {
  const parts = new Float64Array(kernelHeap().memory.buffer, sums, 3 * tasks);
  let [loss, characters, examples] = [0, 0, 0];
  for (let task = 0; task < tasks; task++) {
    loss += parts[3 * task]!;
    characters += parts[3 * task + 1]!;
    examples += parts[3 * task + 2]!;
  }
  return [loss / (B * T), characters / (B * T), examples / B];
}

function checkTargets(targets: Int32Array, V: number): void {
  for (const target of targets) {
    if (target >= 0 && target < V) continue;
    throw new RangeError(
      `Cannot measure logits: every target must be from 0 to ${V - 1}, but one is ${target}`,
    );
  }
}
