/** What a check of reliability is, so that tests, the task and the seeded faults run the same ones. @module */

/** What came of a check. */
export interface Outcome {
  /** How often something was tried. */
  readonly trials: number;
  /** What went wrong, in words; the first few. */
  readonly failures: readonly string[];
  /** A figure worth knowing. */
  readonly note?: string;
}

/** A check: the number of trials is a wish; a check that is exhaustive makes all there are. */
export type Check = (trials: number) => Promise<Outcome>;

/** Collects failures. */
export interface Failures {
  /** Those that are kept. */
  readonly list: readonly string[];
  /** Adds some that happened under a condition. */
  add(condition: string, reasons: readonly string[]): void;
}

const MOST_KEPT = 20;

/** Makes an empty collection. */
export function createFailures(): Failures {
  const list: string[] = [];
  return {
    list,
    add(condition, reasons): void {
      for (const reason of reasons) {
        if (list.length < MOST_KEPT) list.push(`${condition}: ${reason}`);
      }
    },
  };
}
