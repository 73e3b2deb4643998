/** The limits that compute kernels need of a WebGPU adapter. They are lower than those of the WebGPU specification, which not all adapters keep. @module */

/** The least value of each limit, by the limit's name. */
export const REQUIRED_LIMITS = {
  /** Threads of a workgroup. */
  maxComputeInvocationsPerWorkgroup: 64,
  maxComputeWorkgroupSizeX: 64,
  /** Bytes of a workgroup's memory. The smallest tile of the gradients takes 3 KiB. */
  maxComputeWorkgroupStorageSize: 4096,
  /** Buffers of a shader, without uniforms. */
  maxStorageBuffersPerShaderStage: 8,
  /** Bytes of a buffer. What else does not fit is found when a model is made, or before a training. */
  maxStorageBufferBindingSize: 16 * 2 ** 20,
} as const;

/** Describes the first limit that an adapter does not meet, if any. */
export function findMissingLimit(
  limits: Readonly<Record<keyof typeof REQUIRED_LIMITS, number>>,
): string | undefined {
  for (const [name, required] of Object.entries(REQUIRED_LIMITS)) {
    const found = limits[name as keyof typeof REQUIRED_LIMITS];
    if (!(found >= required)) return `${name} must be at least ${required}, but is ${found}`;
  }
  return undefined;
}
