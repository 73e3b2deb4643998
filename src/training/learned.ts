/** Measures what a model has learned, by groups of examples: which it answers wrong, and how. @module */
import type { Dataset } from "../dataset/dataset.ts";
import { readExample } from "../dataset/dataset.ts";
import type { Grouping } from "../problem/problem.ts";
import { runInTurns, type Sliced, type TurnOptions } from "../time/slices.ts";

/** A group of examples, and how many of them are answered correctly. */
export interface LearnedCell {
  /** Key of the group. */
  readonly key: string;
  /** Number of examples of the group. */
  readonly examples: number;
  /** Number of those answered correctly. */
  readonly right: number;
}

/** The cells of one way to divide examples into groups. */
export interface LearnedGroups extends Pick<Grouping, "name" | "title" | "grid"> {
  /** The groups, in the order of their keys. */
  readonly cells: readonly LearnedCell[];
}

/** Correct answers by groups, after an epoch. */
export interface Learned {
  /** The epoch. */
  readonly epoch: number;
  /** By the problem's groupings. */
  readonly groups: readonly LearnedGroups[];
  /** By position in the answer, from the left, padding included: keys `0`, `1` …; counts the correct symbols there. */
  readonly positions: readonly LearnedCell[];
  /** The target's symbols: rows and columns of `confusion`. */
  readonly symbols: readonly string[];
  /** How often each target symbol (row) was answered as each symbol (column), row-major (V, V). */
  readonly confusion: readonly number[];
}

/** The groups of a dataset's examples. They are found once and used after every epoch. */
export interface LearnedGrouping {
  /** Counts the correct ones of answers, which are indices of symbols, uint8 (N, T_out). */
  measure(epoch: number, answers: Uint8Array): Learned;
}

/** Number of examples that are grouped in a few milliseconds. */
const EXAMPLES_A_SLICE = 2048;
/** Most groups of a grouping: their number is one byte. */
const MAX_GROUPS = 256;
/** The key of all examples beyond the groups that are kept apart. */
const OTHERS = "others";

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
  const { count, target: { length: T, size: V, layout: { symbols } }, targets } = dataset;
  const counted = groupings.map(() => createGroups(count));
  for (let i = 0; i < count; i++) {
    const example = readExample(dataset, i);
    groupings.forEach(({ keyOf }, g) => counted[g]!.put(i, keyOf(example)));
    if ((i + 1) % EXAMPLES_A_SLICE === 0) yield i + 1;
  }
  return {
    measure(epoch, answers): Learned {
      const isRight = new Uint8Array(count).fill(1);
      const positionsRight = new Array<number>(T).fill(0);
      const confusion = new Array<number>(V * V).fill(0);
      for (let at = 0; at < count * T; at++) {
        const [target, answer] = [targets[at]!, answers[at]!];
        confusion[target * V + answer]!++;
        if (target === answer) positionsRight[at % T]!++;
        else isRight[Math.floor(at / T)] = 0;
      }
      return {
        epoch,
        groups: groupings.map(({ name, title, grid }, g) => ({
          ...{ name, title, ...(grid && { grid }) },
          cells: counted[g]!.count(isRight),
        })),
        positions: positionsRight.map((right, i) => ({ key: String(i), examples: count, right })),
        symbols: [...symbols],
        confusion,
      };
    },
  };
}

interface Groups {
  put(example: number, key: string): void;
  count(isRight: Uint8Array): LearnedCell[];
}

/** Makes groups of examples by key. They are listed in the order of their keys. */
function createGroups(count: number): Groups {
  const numbers = new Map<string, number>();
  const groupOf = new Uint8Array(count);
  return {
    put(example, key): void {
      const kept = numbers.has(key) || numbers.size < MAX_GROUPS - 1 ? key : OTHERS;
      if (!numbers.has(kept)) numbers.set(kept, numbers.size);
      groupOf[example] = numbers.get(kept)!;
    },
    count(isRight): LearnedCell[] {
      const examples = new Array<number>(numbers.size).fill(0);
      const right = new Array<number>(numbers.size).fill(0);
      groupOf.forEach((group, i) => {
        examples[group]!++;
        right[group]! += isRight[i]!;
      });
      return [...numbers.entries()]
        .map(([key, group]) => ({ key, examples: examples[group]!, right: right[group]! }))
        .sort((a, b) => a.key < b.key ? -1 : 1);
    },
  };
}
