/** Adam on WebGPU: its buffers and dispatches. @module */
import * as tf from "@tensorflow/tfjs";
import { type WebGpuBackend, webGpuBackend, withScratchTensors } from "../webgpu/device.ts";
import { type Dispatch, runShaders, submitCommands } from "../webgpu/run_shader.ts";
import type { Shader } from "../webgpu/shader.ts";
import type { AdamTensors, AdamUpdate } from "./adam_update.ts";
import { WGSL } from "../wgsl.ts";

/** Values per workgroup of sum_squares.wgsl. */
const CHUNK = 4096;

const SUM_SQUARES: Shader = {
  name: "sum_squares",
  code: WGSL["adam/sum_squares"],
  buffers: ["read", "write"],
};
const CLIPPING: Shader = {
  name: "clipping",
  code: WGSL["adam/clipping"],
  buffers: ["read", "read", "write"],
};
const ADAM: Shader = {
  name: "adam",
  code: WGSL["adam/adam"],
  buffers: ["read", "read", "read", "write", "write", "write"],
};

/**
 * Updates all parameters in place and submits the commands, because an update is the end of a step. Equations: adam.ts.
 *
 * It takes one dispatch per parameter. With clipping, it takes one more per parameter, and one for the factor.
 */
export function updateAdamOnWebGpu(tensors: readonly AdamTensors[], update: AdamUpdate): void {
  const backend = webGpuBackend();
  const rates = backend.makeTensorInfo([6], "float32", Float32Array.from(ratesOf(update)));
  const chunks = tensors.map(({ gradient }) => Math.ceil(gradient.size / CHUNK));
  const count = chunks.reduce((a, b) => a + b, 0);
  withScratchTensors([[count], [1]], backend, ([sums, clipping]) => {
    const clips = update.clipNorm > 0;
    if (clips) runShaders(clippingDispatches(tensors, [rates, sums!, clipping!], chunks), backend);
    runShaders(
      tensors.map(({ parameter, m, v, gradient }) => {
        for (const variable of [parameter, m, v]) prepareToWrite(variable, backend);
        return {
          shader: ADAM,
          parameters: {
            size: parameter.size,
            isMatrix: Number(parameter.rank > 1),
            clips: Number(clips),
          },
          tensors: [rates, clips ? clipping : undefined, gradient, parameter, m, v],
          workgroups: Math.ceil(parameter.size / 64),
        };
      }),
      backend,
    );
  });
  backend.disposeData(rates.dataId);
  submitCommands(backend);
}

function ratesOf(update: AdamUpdate): number[] {
  const { step, learningRate, beta1, beta2, epsilon, weightDecay, clipNorm } = update;
  const alpha = learningRate * Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step);
  return [alpha, 1 - beta1, 1 - beta2, epsilon, 1 - learningRate * weightDecay, clipNorm];
}

function clippingDispatches(
  tensors: readonly AdamTensors[],
  [rates, sums, clipping]: readonly [tf.TensorInfo, tf.TensorInfo, tf.TensorInfo],
  chunks: readonly number[],
): Dispatch[] {
  let first = 0;
  const squares = tensors.map(({ gradient }, i) => {
    const workgroups = chunks[i]!;
    const parameters = { size: gradient.size, first, workgroups };
    first += workgroups;
    return { shader: SUM_SQUARES, parameters, tensors: [gradient, sums], workgroups };
  });
  return [...squares, {
    shader: CLIPPING,
    parameters: { count: first },
    tensors: [sums, rates, clipping],
    workgroups: 1,
  }];
}

/** Prepares a variable's buffer for writing: copies a buffer that is shared with another tensor, and discards values that tfjs has read. */
function prepareToWrite(variable: tf.Variable, backend: WebGpuBackend): void {
  if (backend.refCount(variable.dataId) > 1) {
    tf.tidy(() => variable.assign(tf.mul(variable, 1)));
  }
  backend.uploadToGPU(variable.dataId);
  backend.tensorMap.get(variable.dataId).values = null;
}
