/** Softmax cross-entropy on WebGPU: its buffers and dispatches. @module */
import type { TensorInfo } from "@tensorflow/tfjs";
import { checkHostIndices } from "../webgpu/check_host_indices.ts";
import { makeOnDevice, type WebGpuBackend, withScratchTensors } from "../webgpu/device.ts";
import { runShaders } from "../webgpu/run_shader.ts";
import type { Shader } from "../webgpu/shader.ts";
import { WGSL } from "../wgsl.ts";

const CROSS_ENTROPY: Shader = {
  name: "cross_entropy",
  code: WGSL["softmax_cross_entropy/cross_entropy"],
  buffers: ["read", "read", "write", "write"],
};
const FIGURES: Shader = {
  name: "batch_figures",
  code: WGSL["softmax_cross_entropy/batch_figures"],
  buffers: ["read", "write"],
};
const SCALE: Shader = {
  name: "scale_difference",
  code: WGSL["softmax_cross_entropy/scale_difference"],
  buffers: ["read", "read", "write"],
};

/**
 * Measures logits in two dispatches.
 *
 * @returns the figures, float32 (3), and softmax - oneHot, float32 (B, T, V)
 * @throws {RangeError} if a target that is still on the host is not below V
 */
export function measureLogitsOnWebGpu(
  inputs: Readonly<Record<"logits" | "targets", TensorInfo>>,
  backend: WebGpuBackend,
): TensorInfo[] {
  const { logits, targets } = inputs;
  const [B, T, V] = logits.shape as [number, number, number];
  checkHostIndices(targets, V, { what: "measure logits", each: "target" }, backend);
  const difference = makeOnDevice([B, T, V], backend);
  const figures = makeOnDevice([3], backend);
  withScratchTensors([[2, B * T]], backend, ([measured]) =>
    runShaders([{
      shader: CROSS_ENTROPY,
      parameters: { characters: B * T, V },
      tensors: [logits, targets, difference, measured],
      workgroups: Math.ceil(B * T / 64),
    }, {
      shader: FIGURES,
      parameters: { B, T },
      tensors: [measured, figures],
      workgroups: 1,
    }], backend));
  return [figures, difference];
}

/** Computes dLogits = (softmax - oneHot) / (B T) · dLoss. @returns float32 (B, T, V) */
export function scaleDifferenceOnWebGpu(
  inputs: Readonly<Record<"ticket" | "dFigures", TensorInfo>>,
  [B, T, V]: readonly [number, number, number],
  backend: WebGpuBackend,
): TensorInfo {
  const dLogits = makeOnDevice([B, T, V], backend);
  runShaders([{
    shader: SCALE,
    parameters: { size: B * T * V, characters: B * T },
    tensors: [inputs.ticket, inputs.dFigures, dLogits],
    workgroups: Math.ceil(B * T * V / 64),
  }], backend);
  return dLogits;
}
