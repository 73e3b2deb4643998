/** The error of a file of pairs that has changed. @module */
import type { PairFile } from "./settings.ts";

/** A file of pairs that is not the one that was measured. */
export class ChangedPairsError extends Error {
  override readonly name = "ChangedPairsError";
  constructor({ path, sha256 }: PairFile, found: string) {
    super(
      `Cannot use "${path}": it must be the file that was measured, with the SHA-256 ${sha256}, but it has ${found}`,
    );
  }
}
