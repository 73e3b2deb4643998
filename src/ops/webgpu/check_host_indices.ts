/** Checks indices on the host, because the device does not check them. @module */
import type { TensorInfo } from "@tensorflow/tfjs";
import type { WebGpuBackend } from "./device.ts";

/** Checks indices. @throws {RangeError} if an index that is still on the host is not below a limit */
export function checkHostIndices(
  tensor: TensorInfo,
  below: number,
  { what, each }: { readonly what: string; readonly each: string },
  backend: WebGpuBackend,
): void {
  const { values } = backend.tensorMap.get(tensor.dataId);
  for (const index of Array.from(values ?? [])) {
    if (index >= 0 && index < below) continue;
    throw new RangeError(
      `Cannot ${what}: every ${each} must be from 0 to ${below - 1}, but one is ${index}`,
    );
  }
}
