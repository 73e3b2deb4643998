/** Shares of correct answers over the epochs. @module */
import type { LearnedCell } from "../../evaluation/cell.ts";
import type { Learned } from "../../evaluation/learned.ts";

/** A kind of cell. */
export type CellKind = "carries" | "lengths" | "positions";

/** Gives the share of correct answers in a cell; 0 if it has no example. */
export function shareOf(cell: Pick<LearnedCell, "examples" | "right">): number {
  return cell.examples === 0 ? 0 : cell.right / cell.examples;
}

/** Gives the cells of a kind. */
export function cellsOf(learned: Learned, kind: CellKind): readonly LearnedCell[] {
  return kind === "positions"
    ? learned.positions
    : learned.groups.find(({ name }) => name === kind)?.cells ?? [];
}

/** Gives the shares of every cell of a kind by its key, in the order of the epochs. */
export function sharesOverEpochs(
  learned: readonly Learned[],
  kind: CellKind,
): Map<string, number[]> {
  const shares = new Map<string, number[]>();
  for (const epoch of learned) {
    for (const cell of cellsOf(epoch, kind)) {
      const list = shares.get(cell.key) ?? [];
      list.push(shareOf(cell));
      shares.set(cell.key, list);
    }
  }
  return shares;
}

/** Gives the row sums of a confusion matrix: how often each character was the target. */
export function confusionTotals({ symbols: { length: size }, confusion }: Learned): number[] {
  return Array.from(
    { length: size },
    (_, row) => confusion.slice(row * size, (row + 1) * size).reduce((sum, n) => sum + n, 0),
  );
}
