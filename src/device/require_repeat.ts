/** Refuses networks that a device's kernels cannot compute. @module */
import type { Network, RepeatNetwork } from "../network/network.ts";

/** Gives a network with the decoder `repeat`. @throws {Error} if it has another */
export function requireRepeat(network: Network): RepeatNetwork {
  if (network.decoder === "repeat") return network;
  throw new Error("Cannot load the network: the decoder attention cannot be computed here");
}
