/** Finds the format of a file of pairs. @module */
import type { PairFormat } from "./fields.ts";
import type { PairsSettings } from "./settings.ts";

/** Gives the format of a file by its name. */
export function formatOf(path: string, format: PairsSettings["format"]): PairFormat {
  if (format !== "auto") return format;
  return /\.(jsonl|ndjson)$/i.test(path) ? "jsonl" : "tsv";
}
