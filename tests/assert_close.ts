/** Comparison of arrays of floats. @module */
import { assert } from "@std/assert";

/** Relative and absolute error allowed to float32 against float64. */
export const FLOAT32_TOLERANCE = { relative: 1e-4, absolute: 1e-6 };

/** Fails unless |actual - expected| <= absolute + relative · |expected| for every value. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance: { relative: number; absolute: number } = FLOAT32_TOLERANCE,
): void {
  assert(
    actual.length === expected.length,
    `${what}: expected ${expected.length} values, found ${actual.length}`,
  );
  for (let i = 0; i < expected.length; i++) {
    const allowed = tolerance.absolute + tolerance.relative * Math.abs(expected[i]!);
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (difference <= allowed) continue; // a message for each of millions of values takes seconds
    assert(
      false,
      `${what}[${i}]: expected ${expected[i]}, found ${
        actual[i]
      }, off by ${difference}, allowed ${allowed}`,
    );
  }
}
