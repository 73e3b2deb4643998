/** The part of tfjs's `webgpu` backend that compute kernels use; tfjs exports no type of it. @module */
import * as tf from "@tensorflow/tfjs";

/** What tfjs keeps of a tensor: values on the host, a buffer on the device, or both. */
export interface DeviceTensorData {
  values: ArrayLike<number> | null | undefined;
  resource: GPUBuffer | null | undefined;
}

/** tfjs's `webgpu` backend: its device, its tensors, and the commands that are not submitted yet. */
export interface WebGpuBackend {
  readonly device: GPUDevice;
  readonly tensorMap: { get(dataId: object): DeviceTensorData };
  /** Tensors that unsubmitted commands use: their buffers are not given to others before the submission. */
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

/** Gives tfjs's backend in use as a `webgpu` one; the caller knows that it is. */
export function webGpuBackend(): WebGpuBackend {
  return tf.backend() as unknown as WebGpuBackend;
}

/** Makes a float32 tensor on the device; its values are whatever was there. */
export function makeOnDevice(shape: readonly number[], backend: WebGpuBackend): tf.TensorInfo {
  return backend.makeTensorInfo([...shape], "float32");
}

/** Gives scratch tensors to a function, and takes them back when it returns; commands that use them run before anything that follows. */
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

/** Gives the same tensor once more, as an output of a kernel. */
export function shareTensor(tensor: tf.TensorInfo, backend: WebGpuBackend): tf.TensorInfo {
  backend.incRef(tensor.dataId);
  return { dataId: tensor.dataId, shape: tensor.shape, dtype: tensor.dtype };
}
