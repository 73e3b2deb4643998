/** Buffers of a device that are destroyed together, and reading them back. @module */
import { checkGpu, noteGpuFailure } from "../gpu_failure.ts";
import { checkDevice } from "./pipelines.ts";

/** Buffers that are destroyed together. */
export class DeviceBuffers implements Disposable {
  readonly #device: GPUDevice;
  readonly #buffers = new Set<GPUBuffer>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Makes a storage buffer of zeros. Shaders use it as they need. */
  make(label: string, sizeBytes: number): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.#make({ label, size: roundUp(sizeBytes), usage });
  }

  /** Makes a buffer with some bytes. @throws {Error} if the device was lost or failed */
  upload(label: string, bytes: ArrayBufferView, use: "storage" | "uniform" = "storage"): GPUBuffer {
    const kind = use === "uniform" ? GPUBufferUsage.UNIFORM : GPUBufferUsage.STORAGE;
    const usage = kind | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const size = roundUp(bytes.byteLength);
    const buffer = this.#make({ label, size, usage, mappedAtCreation: true });
    try {
      new Uint8Array(buffer.getMappedRange())
        .set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      buffer.unmap();
    } catch (error) { // the platform may report the loss of the device later
      const why = error instanceof Error ? error.message : String(error);
      noteGpuFailure(this.#device, `the device was lost, or a buffer is not valid: ${why}`);
      checkGpu(this.#device);
    }
    return buffer;
  }

  [Symbol.dispose](): void {
    for (const buffer of this.#buffers) buffer.destroy();
    this.#buffers.clear();
  }

  #make(descriptor: GPUBufferDescriptor): GPUBuffer {
    checkGpu(this.#device);
    const buffer = this.#device.createBuffer(descriptor);
    this.#buffers.add(buffer);
    return buffer;
  }
}

/** A part of a buffer. */
export interface BufferPart {
  readonly buffer: GPUBuffer;
  /** Its first byte. Default 0. */
  readonly offset?: number;
  readonly sizeBytes: number;
}

/** Makes a buffer that the host can read. */
export function makeStaging(device: GPUDevice, size: number): GPUBuffer {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  return device.createBuffer({ label: "staging", size, usage });
}

/** Makes a buffer that the host can read, and encodes copies to it. */
export function stageParts(
  device: GPUDevice,
  encoder: GPUCommandEncoder,
  parts: readonly BufferPart[],
): GPUBuffer {
  const staging = makeStaging(device, parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  let at = 0;
  for (const { buffer, offset = 0, sizeBytes } of parts) {
    encoder.copyBufferToBuffer(buffer, offset, staging, at, sizeBytes);
    at += sizeBytes;
  }
  return staging;
}

/**
 * Gives the bytes of a staging buffer when the device has copied them, and destroys it. Deno sleeps 10 ms before it looks again
 * whether a buffer is mapped: one read-back costs 11.5 ms, whatever its size.
 *
 * @throws {Error} if the device was lost or failed
 */
export async function takeStaged(device: GPUDevice, staging: GPUBuffer): Promise<ArrayBuffer> {
  try {
    await staging.mapAsync(GPUMapMode.READ);
    const bytes = staging.getMappedRange().slice(0);
    await checkDevice(device);
    return bytes;
  } catch (error) {
    await new Promise((resolve) => setTimeout(resolve)); // the platform reports a lost device a moment later
    await checkDevice(device); // its error says how to continue
    throw error;
  } finally {
    staging.destroy();
  }
}

/**
 * Copies parts of buffers to the host, after all commands so far: in one read-back, if a buffer can have the size of all.
 *
 * @returns the bytes of each part
 */
export async function readParts(
  device: GPUDevice,
  parts: readonly BufferPart[],
): Promise<ArrayBuffer[]> {
  const total = parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const apart = total > device.limits.maxBufferSize;
  const encoder = device.createCommandEncoder();
  const stagings = (apart ? parts.map((part) => [part]) : [parts])
    .map((together) => stageParts(device, encoder, together));
  device.queue.submit([encoder.finish()]);
  const read = await Promise.all(stagings.map((staging) => takeStaged(device, staging)));
  if (apart) return read;
  let at = 0;
  return parts.map(({ sizeBytes }) => read[0]!.slice(at, at += sizeBytes));
}

/** Makes the bind group of a pipeline. @param buffers those of the shader, by name */
export function bindBuffers(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  bindings: readonly { readonly name: string }[],
  buffers: Readonly<Record<string, GPUBuffer>>,
): GPUBindGroup {
  return device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: bindings.map(({ name }, binding) => ({
      binding,
      resource: { buffer: buffers[name]! },
    })),
  });
}

/** Rounds a size up to what buffers and copies need. */
function roundUp(sizeBytes: number): number {
  return 16 * Math.max(1, Math.ceil(sizeBytes / 16));
}
