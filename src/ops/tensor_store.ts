/** Tensors for the CPU's compute kernels without tfjs. @module */
import type { TensorInfo } from "@tensorflow/tfjs";
import { type CpuBackend, reclaimBlocks } from "./resident_tensors.ts";

type TensorRecord = ReturnType<CpuBackend["data"]["get"]>;

/** Keeps tensors as tfjs's `cpu` backend does, as far as the kernels need it. Dispose of it to free their memory. */
export interface TensorStore extends CpuBackend, Disposable {
  /** Does some work, then drops every tensor that it made. */
  tidy<T>(work: () => T): T;
}

/** Makes an empty store. */
export function createTensorStore(): TensorStore {
  const records = new Map<object, TensorRecord>();
  return {
    data: { has: (dataId) => records.has(dataId), get: (dataId) => records.get(dataId)! },
    makeTensorInfo(shape, dtype, values): TensorInfo {
      const dataId = {};
      records.set(dataId, { dtype, values });
      return { dataId, shape, dtype };
    },
    refCount: (dataId) => Number(records.has(dataId)),
    tidy<T>(work: () => T): T {
      const before = records.size;
      try {
        return work();
      } finally {
        for (const dataId of [...records.keys()].slice(before)) records.delete(dataId);
        reclaimBlocks();
      }
    },
    [Symbol.dispose](): void {
      records.clear();
      reclaimBlocks();
    },
  };
}
