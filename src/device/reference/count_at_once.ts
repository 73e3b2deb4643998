/** How many examples tfjs computes in about a tenth of a second. @module */
import { countMultiplyAdds } from "../../network/cost.ts";
import type { Network } from "../../network/network.ts";

/** Multiply-adds that tfjs's `cpu` backend does in about 0.1 s. */
const WORK_AT_ONCE = 3e7;

/** Most examples at once, however little their work. */
const MOST_AT_ONCE = 1024;

/** Counts the examples that are to be measured or answered at once: 1 to 1024. */
export function countAtOnce(network: Network): number {
  return Math.min(MOST_AT_ONCE, Math.max(1, Math.floor(WORK_AT_ONCE / countMultiplyAdds(network))));
}
