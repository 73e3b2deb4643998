/** The axis of shares that are compared with one another. @module */
import type { AssessedCell } from "../../evaluation/assessment.ts";

/** Where such an axis can begin. It always ends at 1. */
const STARTS = [0.999, 0.99, 0.98, 0.95, 0.9, 0.8, 0.5, 0];

/** An axis of shares. */
export interface ShareScale {
  /** The share at its left end. */
  readonly from: number;
  /** Its label: `99.9 %`. */
  readonly label: string;
  /** Gives the place of a share in hundredths of the axis, at least 0. */
  place(share: number): number;
}

/**
 * Makes an axis that shows every share, and the interval of every group that is not small. The interval of a small group may
 * begin to the left of it.
 */
export function scaleShares(cells: readonly AssessedCell[]): ShareScale {
  const lowest = cells.flatMap(({ exactMatch, low, isSmall }) =>
    exactMatch === null ? [] : isSmall ? [exactMatch] : [low]
  );
  const from = STARTS.find((start) => lowest.every((share) => share >= start)) ?? 0;
  return {
    from,
    label: `${Math.round(1000 * from) / 10} %`,
    place: (share) => Math.max(0, Math.round(1e4 * (share - from) / (1 - from)) / 100),
  };
}

/** Class of a cell's colour by its share of right answers: `s0`, below 50 %, to `s6`, all. */
export function classOf(share: number): string {
  return `s${SHARE_CLASSES.findLastIndex(({ from }) => share >= from)}`;
}

/** The classes and what a legend calls them. */
export const SHARE_CLASSES: readonly { readonly from: number; readonly title: string }[] = [
  { from: 0, title: "below 50 %" },
  { from: 0.5, title: "50 %" },
  { from: 0.9, title: "90 %" },
  { from: 0.95, title: "95 %" },
  { from: 0.99, title: "99 %" },
  { from: 0.999, title: "99.9 %" },
  { from: 1, title: "all right" },
];
