/**
 * Tensors of tfjs's `cpu` backend whose values lie in the compute kernels' memory.
 *
 * A kernel leaves its result where it computed it, and the next kernel reads it there: nothing is copied. The values that tfjs sees are
 * a getter that copies them out, so that any other tfjs operation, and any reader, gets an array of its own. A tensor's block is
 * taken back once tfjs has let go of the tensor; that is looked up before blocks are given out.
 *
 * @module
 */
import type { TensorInfo } from "@tensorflow/tfjs";
import { floatsAt, integersAt, kernelHeap } from "./kernels.ts";

/** What tfjs's `cpu` backend keeps of a tensor. */
interface CpuTensorData {
  values?: ArrayLike<number>;
  readonly dtype: string;
}

/** The part of tfjs's `cpu` backend that is used here; it is not exported by tfjs as a type. */
export interface CpuBackend {
  readonly data: { has(dataId: object): boolean; get(dataId: object): CpuTensorData };
  makeTensorInfo(
    shape: number[],
    dtype: "float32" | "int32",
    values: ArrayLike<number>,
  ): TensorInfo;
  refCount(dataId: object): number;
}

/** Where a tensor's values are. */
interface Resident {
  readonly backend: CpuBackend;
  readonly address: number;
  /** The tensor's record; another record under the same identity is another tensor. */
  readonly data: CpuTensorData;
}

/** Bytes copied between tfjs's arrays and the kernels' memory since the start. */
export interface CopiedBytes {
  readonly in: number;
  readonly out: number;
}

const residents = new Map<object, Resident>();
let copiedIn = 0;
let copiedOut = 0;

/** Says how much was copied so far, in either direction. */
export function copiedBytes(): CopiedBytes {
  return { in: copiedIn, out: copiedOut };
}

/** Takes back the blocks of tensors that are gone; called before every op. */
export function reclaimBlocks(): void {
  for (const [dataId, { backend, address, data }] of residents) {
    if (backend.data.has(dataId) && backend.data.get(dataId) === data) continue;
    residents.delete(dataId);
    kernelHeap().free(address);
  }
}

/** Gives the address of a tensor's values, after moving them into the kernels' memory if they are elsewhere. */
export function addressOf(tensor: TensorInfo, backend: CpuBackend): number {
  const resident = residents.get(tensor.dataId);
  const data = backend.data.get(tensor.dataId);
  if (resident?.data === data) return resident.address;
  if (resident !== undefined) kernelHeap().free(resident.address); // another tensor's, moved away
  const { values } = data;
  if (values === undefined) throw new TypeError("Cannot use a tensor without values in a kernel");
  const address = kernelHeap().allocate(4 * values.length);
  viewOf(data.dtype, address, values.length).set(values);
  copiedIn += 4 * values.length;
  settle(tensor.dataId, backend, address, values.length);
  return address;
}

/** Makes a float32 tensor in the kernels' memory; its values are whatever was there. */
export function makeResident(shape: readonly number[], backend: CpuBackend): TensorInfo {
  const length = shape.reduce((a, b) => a * b, 1);
  const tensor = backend.makeTensorInfo([...shape], "float32", []);
  settle(tensor.dataId, backend, kernelHeap().allocate(4 * length), length);
  return tensor;
}

/**
 * Makes a tensor that stands for a block of the kernels' memory: what a kernel saves for its gradient. The block lives as long as the
 * tensor; the tensor's one value means nothing.
 */
export function makeTicket(sizeBytes: number, backend: CpuBackend): TensorInfo {
  const ticket = backend.makeTensorInfo([1], "int32", new Int32Array(1));
  const address = kernelHeap().allocate(sizeBytes);
  residents.set(ticket.dataId, { backend, address, data: backend.data.get(ticket.dataId) });
  return ticket;
}

/** Gives blocks of the kernels' memory to a function, and takes them back when it returns. */
export function withScratch<T>(sizeBytes: number, use: (address: number) => T): T {
  const address = kernelHeap().allocate(sizeBytes);
  try {
    return use(address);
  } finally {
    kernelHeap().free(address);
  }
}

function settle(dataId: object, backend: CpuBackend, address: number, length: number): void {
  const data = backend.data.get(dataId);
  Object.defineProperty(data, "values", {
    configurable: true,
    enumerable: true,
    get: () => {
      copiedOut += 4 * length;
      return viewOf(data.dtype, address, length).slice();
    },
  });
  residents.set(dataId, { backend, address, data });
}

function viewOf(dtype: string, address: number, length: number): Float32Array | Int32Array {
  if (dtype === "float32") return floatsAt(address, length);
  if (dtype === "int32") return integersAt(address, length);
  throw new TypeError(
    `Cannot use a tensor of type ${dtype} in a kernel: it must be float32 or int32`,
  );
}
