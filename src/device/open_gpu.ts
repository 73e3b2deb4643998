/** The GPU's device that all models of a program share, unless the program gives one of its own. @module */
import { hasGpuFailed, watchGpu } from "./gpu_failure.ts";

/** What was opened, by the platform's entrance to its GPUs. */
const OPENED = new WeakMap<GPU, Promise<GPUDevice>>();

/** The limits in which the kernels choose their shapes. The device gets what the adapter has, instead of WebGPU's small defaults. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
] as const;

/**
 * Opens an adapter's device, or gives the one that was opened before. A device that was lost or has failed is replaced.
 *
 * @throws {Error} if the adapter gives no device
 */
export async function openGpu(adapter: GPUAdapter): Promise<GPUDevice> {
  const { gpu } = navigator;
  const known = OPENED.get(gpu);
  if (known !== undefined) {
    const device = await known.catch(() => undefined); // its caller got the error
    if (device !== undefined && !hasGpuFailed(device)) return device;
    if (OPENED.get(gpu) !== known) return await openGpu(adapter); // another call has replaced it meanwhile
  }
  const opening = openDevice(adapter);
  OPENED.set(gpu, opening);
  return await opening;
}

async function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const device = await adapter.requestDevice({
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });
  watchGpu(device);
  return device;
}
