/** Formats the figures of files of pairs. @module */
import type { PairSource } from "../../problem/pairs/settings.ts";

/** Gives the path of a side as it was typed. */
export function nameOf(source: PairSource): string {
  if (source === null) return "";
  return typeof source === "string" ? source : source.path;
}

/** Formats a share from 0 to 1 in percent: `12.3 %`. */
export function formatShare(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.001 ? 3 : 1)} %`;
}
