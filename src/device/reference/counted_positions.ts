/** Which positions of targets count. @module */
import type { Network } from "../../network/network.ts";

/**
 * Marks the positions of targets that count: with the decoder `repeat` all of them, with `attention` those up to the end symbol.
 *
 * @param targets indices, (N, T_out)
 * @returns 1 or 0, (N, T_out)
 */
export function markCounted(network: Network, targets: Int32Array): Float32Array {
  const counted = new Float32Array(targets.length).fill(1);
  if (network.decoder === "repeat" || network.targetPadding === null) return counted;
  const { outputLength, targetPadding } = network;
  for (let start = 0; start < targets.length; start += outputLength) {
    const end = targets.subarray(start, start + outputLength).indexOf(targetPadding);
    if (end !== -1) counted.fill(0, start + end + 1, start + outputLength);
  }
  return counted;
}
