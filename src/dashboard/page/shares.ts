/** Shares of correct answers over the epochs. @module */
import type { Cell, Learned } from "../../training/learned.ts";

/** A kind of cell. */
export type CellKind = "carries" | "lengths" | "positions";

/** Gives the share of correct answers in a cell; 0 if it has no example. */
export function shareOf(cell: Pick<Cell, "examples" | "right">): number {
  return cell.examples === 0 ? 0 : cell.right / cell.examples;
}

/** Gives the shares of every cell of a kind by its key, in the order of the epochs. */
export function sharesOverEpochs(
  learned: readonly Learned[],
  kind: CellKind,
): Map<string, number[]> {
  const shares = new Map<string, number[]>();
  for (const epoch of learned) {
    for (const cell of epoch[kind]) {
      const list = shares.get(cell.key) ?? [];
      list.push(shareOf(cell));
      shares.set(cell.key, list);
    }
  }
  return shares;
}

/** Gives the row sums of a confusion matrix: how often each character was the target. */
export function confusionTotals({ characters, confusion }: Learned): number[] {
  const size = Array.from(characters).length;
  return Array.from(
    { length: size },
    (_, row) => confusion.slice(row * size, (row + 1) * size).reduce((sum, n) => sum + n, 0),
  );
}
