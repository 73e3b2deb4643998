/** The limits that compute kernels need of a WebGPU adapter. They are lower than those of the WebGPU specification, which not all adapters keep. @module */

/** The least value of each limit, by the limit's name. */
export const REQUIRED_LIMITS = {
  /** Threads in a workgroup of the smallest tile, and of every other shader. */
  maxComputeInvocationsPerWorkgroup: 64,
  maxComputeWorkgroupSizeX: 64,
  /** Bytes of the smallest tile's workgroup memory. */
  maxComputeWorkgroupStorageSize: 4096,
  /** Buffers of the shader of a time step. */
  maxStorageBuffersPerShaderStage: 8,
  /** Bytes of a tensor. The notebook's model with 128 hidden units and a batch of 1,024 has tensors of 14.7 MB. */
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
