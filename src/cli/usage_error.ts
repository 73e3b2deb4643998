/** A mistake of the person who typed the command. @module */

/** The command line cannot be carried out as it is typed: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Runs a check of typed values; its RangeErrors and SyntaxErrors are mistakes of the person who typed. */
export function checkTyped<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) {
      throw new UsageError(error.message);
    }
    throw error;
  }
}
