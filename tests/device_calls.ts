/** Counts the calls of a WebGPU device, by wrapping its methods. @module */

/** Counts since the last reset. */
export interface DeviceCalls {
  /** `dispatchWorkgroups` of a compute pass. */
  dispatches: number;
  /** `submit` of a queue. */
  submits: number;
  /** `mapAsync` of a buffer for reading. */
  readBacks: number;
  /** Number of buffers made. */
  buffers: number;
  /** Number of bind groups made. */
  bindGroups: number;
  /** Bytes uploaded from the host, in buffers that are mapped at creation. */
  uploadedBytes: number;
  /** Bytes of buffers made, minus those of buffers destroyed. */
  heldBytes: number;
}

/** Begins to count, for the whole process. Disposing of the result restores the methods. */
export function countDeviceCalls(): DeviceCalls & Disposable {
  const calls: DeviceCalls = {
    ...{ dispatches: 0, submits: 0, readBacks: 0, buffers: 0, bindGroups: 0 },
    ...{ uploadedBytes: 0, heldBytes: 0 },
  };
  const restore = [
    wrap(GPUComputePassEncoder.prototype, "dispatchWorkgroups", () => calls.dispatches++),
    wrap(GPUQueue.prototype, "submit", () => calls.submits++),
    wrap(GPUDevice.prototype, "createBuffer", (descriptor) => {
      const { size, mappedAtCreation } = descriptor as GPUBufferDescriptor;
      calls.buffers++;
      calls.heldBytes += size;
      if (mappedAtCreation === true) calls.uploadedBytes += size;
    }),
    wrap(GPUBuffer.prototype, "destroy", (_, buffer) => {
      calls.heldBytes -= (buffer as GPUBuffer).size;
    }),
    wrap(GPUDevice.prototype, "createBindGroup", () => calls.bindGroups++),
    wrap(GPUBuffer.prototype, "mapAsync", (mode) => {
      if (mode === GPUMapMode.READ) calls.readBacks++;
    }),
  ];
  return Object.assign(calls, {
    [Symbol.dispose]: (): void => restore.forEach((putBack) => putBack()),
  });
}

function wrap(
  prototype: object,
  name: string,
  count: (argument: unknown, self: unknown) => void,
): () => void {
  const methods = prototype as Record<string, (...values: unknown[]) => unknown>;
  const original = methods[name]!;
  methods[name] = function (this: unknown, ...values: unknown[]): unknown {
    count(values[0], this);
    return original.apply(this, values);
  };
  return () => methods[name] = original;
}
