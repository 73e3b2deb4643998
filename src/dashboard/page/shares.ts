/** Shares of correct answers over the epochs. @module */
import type { LearnedCell } from "../../evaluation/cell.ts";
import type { Learned } from "../../evaluation/learned.ts";

/** Gives the cells of an epoch that are drawn together: those of a grouping, or the positions. */
export type CellsOf = (learned: Learned) => readonly LearnedCell[];

/** Gives the positions of the answer. */
export const positionsOf: CellsOf = ({ positions }) => positions;

/** Gives the groups of a grouping. */
export function cellsOfGrouping(name: string): CellsOf {
  return ({ groups }) => groups.find((grouping) => grouping.name === name)?.cells ?? [];
}

/** Gives the share of correct answers in a cell; 0 if it has no example. */
export function shareOf(cell: Pick<LearnedCell, "examples" | "right">): number {
  return cell.examples === 0 ? 0 : cell.right / cell.examples;
}

/** Sorts cells: the lowest share first, and of equal shares the cell with most examples. */
export function worstFirst<T extends LearnedCell>(cells: readonly T[]): T[] {
  return cells.toSorted((a, b) => shareOf(a) - shareOf(b) || b.examples - a.examples);
}

/** Gives the shares of every cell by its key, in the order of the epochs. */
export function sharesOverEpochs(
  learned: readonly Learned[],
  cellsOf: CellsOf,
): Map<string, number[]> {
  const shares = new Map<string, number[]>();
  for (const epoch of learned) {
    for (const cell of cellsOf(epoch)) {
      const list = shares.get(cell.key) ?? [];
      list.push(shareOf(cell));
      shares.set(cell.key, list);
    }
  }
  return shares;
}

/** How often each symbol was the target, and how often it was taken for another or another for it. */
export interface SymbolTotals {
  /** Row sums of the confusion matrix. */
  readonly targets: readonly number[];
  /** Wrong answers in the symbol's row or column. */
  readonly errors: readonly number[];
}

/** Adds up the rows of a confusion matrix, and the errors of every symbol. */
export function sumConfusion({ symbols: { length: size }, confusion }: Learned): SymbolTotals {
  const targets = new Array<number>(size).fill(0);
  const errors = new Array<number>(size).fill(0);
  confusion.forEach((count, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    targets[row]! += count;
    if (row === column) return;
    errors[row]! += count;
    errors[column]! += count;
  });
  return { targets, errors };
}
