/** Counts what is asked of a WebGPU device, by wrapping its methods. @module */

/** Calls since the last reset. */
export interface DeviceCalls {
  /** `dispatchWorkgroups` of a compute pass. */
  dispatches: number;
  /** `submit` of a queue. */
  submits: number;
  /** `mapAsync` of a buffer for reading. */
  readBacks: number;
  /** Buffers made. */
  buffers: number;
  /** Bind groups made. */
  bindGroups: number;
}

/** Begins to count, for the whole process. Its disposal puts the methods back. */
export function countDeviceCalls(): DeviceCalls & Disposable {
  const calls: DeviceCalls = { dispatches: 0, submits: 0, readBacks: 0, buffers: 0, bindGroups: 0 };
  const restore = [
    wrap(GPUComputePassEncoder.prototype, "dispatchWorkgroups", () => calls.dispatches++),
    wrap(GPUQueue.prototype, "submit", () => calls.submits++),
    wrap(GPUDevice.prototype, "createBuffer", () => calls.buffers++),
    wrap(GPUDevice.prototype, "createBindGroup", () => calls.bindGroups++),
    wrap(GPUBuffer.prototype, "mapAsync", (mode) => {
      if (mode === GPUMapMode.READ) calls.readBacks++;
    }),
  ];
  return Object.assign(calls, {
    [Symbol.dispose]: (): void => restore.forEach((putBack) => putBack()),
  });
}

function wrap(prototype: object, name: string, count: (argument: unknown) => void): () => void {
  const methods = prototype as Record<string, (...values: unknown[]) => unknown>;
  const original = methods[name]!;
  methods[name] = function (this: unknown, ...values: unknown[]): unknown {
    count(values[0]);
    return original.apply(this, values);
  };
  return () => methods[name] = original;
}
