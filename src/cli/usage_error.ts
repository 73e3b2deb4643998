/** Errors in the command line. @module */

/** An error in the command line; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Runs a check of typed values. Its RangeErrors and SyntaxErrors become usage errors. */
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
