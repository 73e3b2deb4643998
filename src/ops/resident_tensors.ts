/**
 * Tensors of tfjs's `cpu` backend whose values are in the compute kernels' memory.
 *
 * A kernel leaves its result where it computed it, and the next kernel reads it there without a copy. The values that tfjs sees are
 * a getter that copies them out, so that any other tfjs operation, and any reader, gets an array of its own. The block of a tensor is
 * freed after tfjs has dropped the tensor; this is checked before blocks are allocated.
 *
 * @module
 */
import type { TensorInfo } from "@tensorflow/tfjs";
import { floatsAt, integersAt, kernelHeap } from "./kernels.ts";

/** The record that tfjs's `cpu` backend keeps for a tensor. */
interface CpuTensorData {
  values?: ArrayLike<number>;
  readonly dtype: string;
}

/** The part of tfjs's `cpu` backend that is used here; tfjs exports no type of it. */
export interface CpuBackend {
  readonly data: { has(dataId: object): boolean; get(dataId: object): CpuTensorData };
  makeTensorInfo(
    shape: number[],
    dtype: "float32" | "int32",
    values: ArrayLike<number>,
  ): TensorInfo;
  refCount(dataId: object): number;
}

/** The place of a tensor's values. */
interface Resident {
  readonly backend: CpuBackend;
  readonly address: number;
  /** The tensor's record. A different record under the same identity belongs to another tensor. */
  readonly data: CpuTensorData;
}

/** Number of bytes copied between tfjs's arrays and the kernels' memory since the start. */
export interface CopiedBytes {
  readonly in: number;
  readonly out: number;
}

const residents = new Map<object, Resident>();
let copiedIn = 0;
let copiedOut = 0;

/** Gives the number of bytes copied so far in each direction. */
export function copiedBytes(): CopiedBytes {
  return { in: copiedIn, out: copiedOut };
}

/** Frees the blocks of tensors that tfjs has dropped; called before every op. */
export function reclaimBlocks(): void {
  for (const [dataId, { backend, address, data }] of residents) {
    if (backend.data.has(dataId) && backend.data.get(dataId) === data) continue;
    residents.delete(dataId);
    kernelHeap().free(address);
  }
}

/** Gives the address of a tensor's values. If they are elsewhere, they are first moved into the kernels' memory. */
export function addressOf(tensor: TensorInfo, backend: CpuBackend): number {
  const resident = residents.get(tensor.dataId);
  const data = backend.data.get(tensor.dataId);
  if (resident?.data === data) return resident.address;
  if (resident !== undefined) kernelHeap().free(resident.address); // the block of another tensor that has moved
  const { values } = data;
  if (values === undefined) throw new TypeError("Cannot use a tensor without values in a kernel");
  const address = kernelHeap().allocate(4 * values.length);
  viewOf(data.dtype, address, values.length).set(values);
  copiedIn += 4 * values.length;
  settle(tensor.dataId, backend, address, values.length);
  return address;
}

/** Makes a float32 tensor in the kernels' memory; its values are undefined. */
export function makeResident(shape: readonly number[], backend: CpuBackend): TensorInfo {
  const length = shape.reduce((a, b) => a * b, 1);
  const tensor = backend.makeTensorInfo([...shape], "float32", []);
  settle(tensor.dataId, backend, kernelHeap().allocate(4 * length), length);
  return tensor;
}

/**
 * Makes a tensor that stands for a block of the kernels' memory, which a kernel saves for its gradient. The block is freed with the
 * tensor; the tensor's one value has no meaning.
 */
export function makeTicket(sizeBytes: number, backend: CpuBackend): TensorInfo {
  const ticket = backend.makeTensorInfo([1], "int32", new Int32Array(1));
  const address = kernelHeap().allocate(sizeBytes);
  residents.set(ticket.dataId, { backend, address, data: backend.data.get(ticket.dataId) });
  return ticket;
}

/** Allocates a block of the kernels' memory for a function, and frees it when the function returns. */
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
