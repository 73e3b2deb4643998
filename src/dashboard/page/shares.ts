/** What was learned, as shares over the epochs. @module */
import type { Cell, Learned } from "../../training/learned.ts";

/** A kind of cells. */
export type CellKind = "carries" | "lengths" | "positions";

/** Share of a cell that is right; 0 where it has no example. */
export function shareOf(cell: Pick<Cell, "examples" | "right">): number {
  return cell.examples === 0 ? 0 : cell.right / cell.examples;
}

/** The shares of every cell of a kind by its key, an epoch after the other. */
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

/** Row sums of a confusion matrix: how often each character was right to answer. */
export function confusionTotals({ characters, confusion }: Learned): number[] {
  const size = Array.from(characters).length;
  return Array.from(
    { length: size },
    (_, row) => confusion.slice(row * size, (row + 1) * size).reduce((sum, n) => sum + n, 0),
  );
}
