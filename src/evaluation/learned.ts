/** Measures what a model has learned, by groups of examples, and which symbols it takes for which. @module */
import { type Dataset, readExample } from "../dataset/dataset.ts";
import type { Grouping } from "../problem/problem.ts";
import { runInTurns, type Sliced, type TurnOptions } from "../time/slices.ts";
import { type CountedGroups, numberGroups } from "./group_counter.ts";
import { createSymbolCounter, type SymbolCounts } from "./symbol_counter.ts";

/** Right answers by groups, after an epoch. */
export interface Learned extends SymbolCounts {
  /** The epoch. */
  readonly epoch: number;
  /** By each of the problem's groupings. */
  readonly groups: readonly CountedGroups[];
}

/** The groups of a dataset's examples. They are found once and used after every epoch. */
export interface LearnedGrouping {
  /** Counts the right ones of answers, which are indices of symbols, uint8 (N, T). */
  measure(epoch: number, answers: Uint8Array): Learned;
}

/** Number of examples that are grouped in a few milliseconds. */
const EXAMPLES_A_SLICE = 2048;

/** Finds the groups of every example of a dataset. Timers, signals and servers keep working meanwhile. */
export function groupExamples(
  dataset: Dataset,
  groupings: readonly Grouping[],
  turns: TurnOptions = {},
): Promise<LearnedGrouping> {
  return runInTurns(findGroups(dataset, groupings), dataset.count, turns);
}

/** Finds the groups; yields the number of examples whose groups are found. */
function* findGroups(
  dataset: Dataset,
  groupings: readonly Grouping[],
): Sliced<LearnedGrouping> {
  const { count, targets, target: { layout } } = dataset;
  const numbered = groupings.map((grouping) => ({
    groups: numberGroups(grouping),
    numbers: new Uint16Array(count),
  }));
  for (let i = 0; i < count; i++) {
    const example = readExample(dataset, i);
    for (const { groups, numbers } of numbered) numbers[i] = groups.numberOf(example);
    if ((i + 1) % EXAMPLES_A_SLICE === 0) yield i + 1;
  }
  return {
    measure(epoch, answers): Learned {
      const symbols = createSymbolCounter(layout);
      const rightOf = symbols.add(targets, answers);
      return {
        epoch,
        groups: numbered.map(({ groups, numbers }) => {
          const examples: number[] = [];
          const right: number[] = [];
          for (const [i, number] of numbers.entries()) {
            examples[number] = (examples[number] ?? 0) + 1;
            right[number] = (right[number] ?? 0) + Number(rightOf[i] === layout.length);
          }
          return groups.listCells({ examples, right });
        }),
        ...symbols.finish(),
      };
    },
  };
}
