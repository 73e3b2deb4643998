/** The form of a reliability check; tests, the task and the seeded faults run the same ones. @module */

/** The result of a check, or of a part of one. */
export interface Outcome {
  /** Number of trials. */
  readonly trials: number;
  /** Descriptions of the first few failures. */
  readonly failures: readonly string[];
  /** A fact worth knowing. */
  readonly note?: string;
  /** Counts worth knowing, by name; those of parts are added. */
  readonly sums?: Readonly<Record<string, number>>;
  /** The largest measured figures, by name; of several parts the largest counts. */
  readonly peaks?: Readonly<Record<string, number>>;
}

/**
 * A check.
 *
 * @param trials the number of trials; a check that is exhaustive ignores it
 * @param part number of the part; each part makes different choices; default 0
 */
export type Check = (trials: number, part?: number) => Promise<Outcome>;

/** Collects failures. */
export interface Failures {
  /** The failures that are kept. */
  readonly list: readonly string[];
  /** Adds failures that happened under a condition. */
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

/** Joins the outcomes of two parts. */
export function joinOutcomes(a: Outcome, b: Outcome): Outcome {
  const note = a.note ?? b.note;
  return {
    trials: a.trials + b.trials,
    failures: [...a.failures, ...b.failures].slice(0, MOST_KEPT),
    ...(note !== undefined && { note }),
    sums: joinFigures(a.sums, b.sums, (x, y) => x + y),
    peaks: joinFigures(a.peaks, b.peaks, Math.max),
  };
}

function joinFigures(
  a: Outcome["sums"] = {},
  b: Outcome["sums"] = {},
  join: (x: number, y: number) => number,
): Record<string, number> {
  const joined: Record<string, number> = { ...a };
  for (const [name, value] of Object.entries(b)) joined[name] = join(joined[name] ?? 0, value);
  return joined;
}
