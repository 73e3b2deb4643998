/** Says why files of pairs could not be measured, with the options that help. @module */
import { BadLineError } from "../../problem/pairs/pair_reader.ts";

/**
 * Gives the sentence of an error that measuring threw, with the options of `check` and `train` that help; undefined if it is about
 * neither a line nor the pairs.
 */
export function describeMeasuringFault(error: unknown): string | undefined {
  if (error instanceof BadLineError) {
    return `${error.message}; --bad-lines skip leaves such lines out`;
  }
  return error instanceof RangeError ? nameOptions(error.message) : undefined;
}

/** Names options as they are typed. */
function nameOptions(message: string): string {
  return message
    .replace(/by a maxLength of (\d+) and badLines skip/, "by --max-length $1 --bad-lines skip")
    .replace("decomposed to NFD they have", "decomposed by --normalize nfd they have")
    .replace(
      "give pairs for validation instead",
      "give pairs for validation instead with --validation FILE",
    );
}
