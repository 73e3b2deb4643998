/** Limits of adapters, for tests. @module */
import type { DeviceLimits } from "../../../src/device/webgpu/laid_out_network.ts";

/** Those of an NVIDIA H100. */
export const CARD: DeviceLimits = {
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupSizeX: 1024,
  maxComputeWorkgroupStorageSize: 49_152,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxStorageBufferBindingSize: 2 ** 31 - 4,
  maxBufferSize: 2 ** 40,
};

/** The least of every limit that a device may have: see `REQUIRED_LIMITS`. */
export const SMALLEST: DeviceLimits = {
  maxComputeInvocationsPerWorkgroup: 64,
  maxComputeWorkgroupSizeX: 64,
  maxComputeWorkgroupStorageSize: 4096,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxStorageBufferBindingSize: 16 * 2 ** 20,
  maxBufferSize: 16 * 2 ** 20,
};
