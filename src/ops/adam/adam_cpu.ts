/** Adam on the CPU: its buffers and kernel calls. @module */
import * as tf from "@tensorflow/tfjs";
import { floatsAt, integersAt, kernelHeap, runKernels } from "../kernels.ts";
import { addressOf, type CpuBackend, reclaimBlocks, withScratch } from "../resident_tensors.ts";
import type { AdamTensors, AdamUpdate } from "./adam_update.ts";

/** Values per task: `CHUNK` of adam.as. */
const CHUNK = 4096;

/** Words of `AdamTensor` in adam.as. */
const TENSOR_WORDS = 7;

/** Approximate cost of one value in multiply-adds: a square root, a division, seven passes over memory. */
const WORK_PER_VALUE = 30;

/** Updates all parameters in the kernels' memory. Equations: adam.ts. */
export function updateAdamOnCpu(tensors: readonly AdamTensors[], update: AdamUpdate): void {
  reclaimBlocks();
  const backend = tf.backend() as unknown as CpuBackend;
  const counts = tensors.map(({ parameter }) => parameter.size);
  const tasks = counts.reduce((sum, count) => sum + Math.ceil(count / CHUNK), 0);
  const work = WORK_PER_VALUE * counts.reduce((a, b) => a + b, 0);
  const tableBytes = 4 * TENSOR_WORDS * (tensors.length + 1);
  withScratch(8 * tasks + tableBytes, (sums) => {
    const table = sums + 8 * tasks;
    writeTable(table, tensors, { ...update, backend });
    const run = (kernel: string, clipping: number): void =>
      runKernels([{ kernel, args: [...rates(update, clipping), table, sums], tasks }], work);
    if (update.clipNorm > 0) run("sumSquares", 1);
    run("updateParameters", update.clipNorm > 0 ? clippingFactor(sums, tasks, update.clipNorm) : 1);
  });
}

function rates(update: AdamUpdate, clipping: number): { float: number }[] {
  const { step, learningRate, beta1, beta2, epsilon } = update;
  const alpha = learningRate * Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step);
  return [alpha, 1 - beta1, 1 - beta2, epsilon, clipping].map((float) => ({ float }));
}

/** Writes a struct for every parameter, then a sentinel whose first chunk is past all chunks. */
function writeTable(
  table: number,
  tensors: readonly AdamTensors[],
  options: { learningRate: number; weightDecay: number; backend: CpuBackend },
): void {
  const { learningRate, weightDecay, backend } = options;
  const integers = integersAt(table, TENSOR_WORDS * (tensors.length + 1));
  const floats = floatsAt(table, integers.length);
  let chunk = 0;
  tensors.forEach(({ parameter, m, v, gradient }, i) => {
    const [parameterAt, mAt, vAt] = [parameter, m, v].map((each) => ownAddressOf(each, backend));
    const at = TENSOR_WORDS * i;
    const gradientAt = addressOf(gradient, backend);
    integers.set([chunk, parameter.size, parameterAt!, mAt!, vAt!, gradientAt], at);
    floats[at + 6] = parameter.rank > 1 ? 1 - learningRate * weightDecay : 1;
    chunk += Math.ceil(parameter.size / CHUNK);
  });
  integers[TENSOR_WORDS * tensors.length] = 0x7fffffff;
}

/** Gives the address at which a variable's values may be written. Values that it shares with another tensor are copied first. */
function ownAddressOf(variable: tf.Variable, backend: CpuBackend): number {
  if (backend.refCount(variable.dataId) > 1) {
    tf.tidy(() => variable.assign(tf.tensor(variable.dataSync(), variable.shape)));
  }
  return addressOf(variable, backend);
}

/** min(1, clipNorm / ‖all gradients‖). The sums are always added in the same order. */
function clippingFactor(sums: number, tasks: number, clipNorm: number): number {
  const parts = new Float64Array(kernelHeap().memory.buffer, sums, tasks);
  const norm = Math.sqrt(parts.reduce((a, b) => a + b, 0));
  return clipNorm / Math.max(norm, clipNorm);
}
