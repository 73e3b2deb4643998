/** Runs compute shaders on tfjs's tensors in place, in order with tfjs's operations. @module */
import type { TensorInfo } from "@tensorflow/tfjs";
import type { WebGpuBackend } from "./device.ts";
import {
  compiledShaders,
  type Constants,
  pipelineOf,
  type Shader,
  throwFailure,
} from "./shader.ts";

/** One dispatch. */
export interface Dispatch {
  readonly shader: Shader;
  readonly constants?: Constants;
  /** The fields of the shader's `Parameters`, u32, in its order. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Its buffers, in order. The shader does not read an undefined one. */
  readonly tensors: readonly (TensorInfo | undefined)[];
  /** Number of workgroups, without a limit. */
  readonly workgroups: number;
}

/** Bind groups and uniforms that are cached; a training step has about fifty of each. */
const CACHE_LIMIT = 4096;

interface DeviceCache {
  readonly uniforms: Map<string, GPUBuffer>;
  readonly bindGroups: Map<string, GPUBindGroup>;
  readonly bufferIds: WeakMap<GPUBuffer, number>;
  bufferCount: number;
}

const caches = new WeakMap<GPUDevice, DeviceCache>();

/**
 * Adds dispatches to the commands that tfjs has collected. They run, in order, with the next submission.
 *
 * @throws {RangeError} if a tensor is larger than the adapter can bind
 * @throws {Error} if the device was lost or has reported an error
 */
export function runShaders(dispatches: readonly Dispatch[], backend: WebGpuBackend): void {
  throwFailure(compiledShaders(backend.device));
  for (const dispatch of dispatches) record(dispatch, backend);
}

/** Submits all commands that were added, if there are any. */
export function submitCommands(backend: WebGpuBackend): void {
  backend.endComputePassEncoder();
  if (backend.commandEncoder !== null) backend.submitQueue();
}

/** Folds a number of workgroups into two dimensions, each within the limit of the device. */
export function foldWorkgroups(count: number, most: number): [number, number] {
  const rows = Math.max(1, Math.ceil(count / most));
  return [Math.ceil(count / rows), rows];
}

function record(dispatch: Dispatch, backend: WebGpuBackend): void {
  if (dispatch.workgroups === 0) return;
  const { device } = backend;
  const { shader, constants = {}, tensors } = dispatch;
  const { pipeline, layout, id } = pipelineOf(device, shader, constants);
  const cache = cacheOf(device);
  // An upload may end the pass, so the buffers come before the pass.
  const buffers = tensors.map((tensor, i) =>
    tensor === undefined ? placeholder(cache, device, i) : bufferOf(tensor, backend)
  );
  const uniform = uniformOf(Object.values(dispatch.parameters), cache, device);
  const group = bindGroupOf({ id, layout, buffers: [uniform, ...buffers] }, cache, device);
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder!.beginComputePass();
  const pass = backend.computePassEncoder;
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  const most = device.limits.maxComputeWorkgroupsPerDimension;
  pass.dispatchWorkgroups(...foldWorkgroups(dispatch.workgroups, most));
  for (const tensor of tensors) {
    if (tensor !== undefined) backend.commandQueueOwnedIds.add(tensor.dataId);
  }
}

/** Gives a tensor's buffer. Values that are not on the device are first moved there. */
function bufferOf(tensor: TensorInfo, backend: WebGpuBackend): GPUBuffer {
  const sizeBytes = 4 * tensor.shape.reduce((a, b) => a * b, 1);
  const most = backend.device.limits.maxStorageBufferBindingSize;
  if (sizeBytes > most) {
    throw new RangeError(
      `Cannot compute on this adapter: a tensor must have at most ${most} bytes, but one of shape (${
        tensor.shape.join(", ")
      }) has ${sizeBytes}; a smaller batch needs less`,
    );
  }
  backend.uploadToGPU(tensor.dataId);
  return backend.tensorMap.get(tensor.dataId).resource!;
}

function cacheOf(device: GPUDevice): DeviceCache {
  const known = caches.get(device);
  if (known !== undefined) return known;
  const made: DeviceCache = {
    uniforms: new Map(),
    bindGroups: new Map(),
    bufferIds: new WeakMap(),
    bufferCount: 0,
  };
  caches.set(device, made);
  return made;
}

/** Gives a uniform with these values. It is never rewritten, because commands that are not submitted yet may use it. */
function uniformOf(values: readonly number[], cache: DeviceCache, device: GPUDevice): GPUBuffer {
  return keep(cache.uniforms, values.join(), () => {
    const size = 16 * Math.ceil(values.length / 4);
    const buffer = device.createBuffer({
      size,
      usage: GPUBufferUsage.UNIFORM,
      mappedAtCreation: true,
    });
    new Uint32Array(buffer.getMappedRange()).set(values);
    buffer.unmap();
    return buffer;
  });
}

/** Gives a small buffer for a binding that the shader does not use. Each binding has its own, because two writable buffers must differ. */
function placeholder(cache: DeviceCache, device: GPUDevice, place: number): GPUBuffer {
  return keep(
    cache.uniforms,
    `placeholder ${place}`,
    () => device.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE }),
  );
}

function bindGroupOf(
  parts: { id: number; layout: GPUBindGroupLayout; buffers: readonly GPUBuffer[] },
  cache: DeviceCache,
  device: GPUDevice,
): GPUBindGroup {
  const { id, layout, buffers } = parts;
  const ids = buffers.map((buffer) => idOf(buffer, cache));
  return keep(cache.bindGroups, `${id} ${ids.join()}`, () =>
    device.createBindGroup({
      layout,
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    }));
}

function idOf(buffer: GPUBuffer, cache: DeviceCache): number {
  const known = cache.bufferIds.get(buffer);
  if (known !== undefined) return known;
  cache.bufferIds.set(buffer, cache.bufferCount);
  return cache.bufferCount++;
}

function keep<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  if (map.size >= CACHE_LIMIT) map.clear();
  const made = make();
  map.set(key, made);
  return made;
}
