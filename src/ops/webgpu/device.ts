/** The part of tfjs's `webgpu` backend that compute kernels use; tfjs exports no type of it. @module */
import * as tf from "@tensorflow/tfjs";

/** The record that tfjs keeps for a tensor: values on the host, a buffer on the device, or both. */
export interface DeviceTensorData {
  values: ArrayLike<number> | null | undefined;
  resource: GPUBuffer | null | undefined;
}

/** tfjs's `webgpu` backend: its device, its tensors, and the commands that are not submitted yet. */
export interface WebGpuBackend {
  readonly device: GPUDevice;
  readonly tensorMap: { get(dataId: object): DeviceTensorData };
  /** Tensors that unsubmitted commands use. Their buffers are not reused before the submission. */
  readonly commandQueueOwnedIds: WeakSet<object>;
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  makeTensorInfo(
    shape: number[],
    dtype: "float32" | "int32",
    values?: ArrayLike<number>,
  ): tf.TensorInfo;
  uploadToGPU(dataId: object): void;
  disposeData(dataId: object): boolean;
  incRef(dataId: object): void;
  refCount(dataId: object): number;
}

/** Gives tfjs's backend in use. The caller must know that it is `webgpu`. */
export function webGpuBackend(): WebGpuBackend {
  return tf.backend() as unknown as WebGpuBackend;
}

/** Makes a float32 tensor on the device; its values are undefined. */
export function makeOnDevice(shape: readonly number[], backend: WebGpuBackend): tf.TensorInfo {
  return backend.makeTensorInfo([...shape], "float32");
}

/** Makes scratch tensors for a function, and frees them when it returns. Commands that use them run before all later ones. */
export function withScratchTensors<T>(
  shapes: readonly (readonly number[])[],
  backend: WebGpuBackend,
  use: (tensors: tf.TensorInfo[]) => T,
): T {
  const tensors = shapes.map((shape) => makeOnDevice(shape, backend));
  try {
    return use(tensors);
  } finally {
    for (const { dataId } of tensors) backend.disposeData(dataId);
  }
}

/** Gives another reference to the same tensor, as an output of a kernel. */
export function shareTensor(tensor: tf.TensorInfo, backend: WebGpuBackend): tf.TensorInfo {
  backend.incRef(tensor.dataId);
  return { dataId: tensor.dataId, shape: tensor.shape, dtype: tensor.dtype };
}
