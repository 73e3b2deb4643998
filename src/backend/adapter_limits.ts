/** What compute kernels need of a WebGPU adapter: less than the WebGPU specification guarantees, but not all adapters keep it. @module */

/** The least that serves, by the limit's name. */
export const REQUIRED_LIMITS = {
  /** Threads of the smallest tile's workgroup, and of every other shader's. */
  maxComputeInvocationsPerWorkgroup: 64,
  maxComputeWorkgroupSizeX: 64,
  /** Bytes of the smallest tile's workgroup memory. */
  maxComputeWorkgroupStorageSize: 4096,
  /** Buffers of a time step's shader. */
  maxStorageBuffersPerShaderStage: 8,
  /** Bytes of a tensor: the notebook's model with 128 hidden units and a batch of 1,024 has tensors of 14.7 MB. */
  maxStorageBufferBindingSize: 16 * 2 ** 20,
} as const;

/** Says what an adapter lacks, if anything. */
export function findMissingLimit(
  limits: Readonly<Record<keyof typeof REQUIRED_LIMITS, number>>,
): string | undefined {
  for (const [name, required] of Object.entries(REQUIRED_LIMITS)) {
    const found = limits[name as keyof typeof REQUIRED_LIMITS];
    if (!(found >= required)) return `${name} must be at least ${required}, but is ${found}`;
  }
  return undefined;
}
