/** Measures what a model has learned, by kind of question: which sums it answers wrong, and how. @module */
import type { Dataset } from "../dataset/dataset.ts";
import { readExample } from "../dataset/dataset.ts";
import { countCarries, operandLengths } from "../problem/addition_features.ts";
import { type QuestionLayout, readQuestion } from "../codec/question.ts";
import { runInTurns, type Sliced, type TurnOptions } from "../time/slices.ts";

/** A kind of example, and how many of its examples are answered correctly. */
export interface Cell {
  /** Name of the kind. */
  readonly key: string;
  /** Number of examples of the kind. */
  readonly examples: number;
  /** Number of those answered correctly. */
  readonly right: number;
}

/** Correct answers by kind of question, after an epoch. */
export interface Learned {
  /** The epoch. */
  readonly epoch: number;
  /** By number of carries: keys `0`, `1` … */
  readonly carries: readonly Cell[];
  /** By lengths of the two numbers: keys `1+1`, `1+2` … */
  readonly lengths: readonly Cell[];
  /** By position in the answer, from the left, padding included: keys `0`, `1` …; counts the correct characters there. */
  readonly positions: readonly Cell[];
  /** The characters of rows and columns of `confusion`. */
  readonly characters: string;
  /** How often each target character (row) was answered as each character (column), row-major (V, V). */
  readonly confusion: readonly number[];
}

/** The cells of a dataset's examples. They are found once and used after every epoch. */
export interface LearnedGrouping {
  /** Counts the correct ones of answers, which are indices of characters, uint8 (N, T_out). */
  measure(epoch: number, answers: Uint8Array): Learned;
}

/** Number of examples that are grouped in a few milliseconds. */
const EXAMPLES_A_SLICE = 2048;

/** Finds the cells of every example of a dataset of additions. Timers, signals and servers keep working meanwhile. */
export function groupAdditions(
  dataset: Dataset,
  layout: Pick<QuestionLayout, "reverse">,
  turns: TurnOptions = {},
): Promise<LearnedGrouping> {
  return runInTurns(findCells(dataset, layout), dataset.count, turns);
}

/** Finds the cells; yields the number of examples whose cells are found. */
function* findCells(
  dataset: Dataset,
  layout: Pick<QuestionLayout, "reverse">,
): Sliced<LearnedGrouping> {
  const { count, table, targets, outputLength: T } = dataset;
  const V = table.size;
  const carries = createGroups(count);
  const lengths = createGroups(count);
  for (let i = 0; i < count; i++) {
    const question = readQuestion(readExample(dataset, i).source, layout);
    carries.put(i, String(countCarries(question)));
    lengths.put(i, operandLengths(question));
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
        carries: carries.count(isRight),
        lengths: lengths.count(isRight),
        positions: positionsRight.map((right, i) => ({ key: String(i), examples: count, right })),
        characters: table.characters.join(""),
        confusion,
      };
    },
  };
}

interface Groups {
  put(example: number, key: string): void;
  count(isRight: Uint8Array): Cell[];
}

/** Makes groups of examples by key. They are listed in the order of their keys. */
function createGroups(count: number): Groups {
  const numbers = new Map<string, number>();
  const groupOf = new Uint8Array(count);
  return {
    put(example, key): void {
      if (!numbers.has(key)) numbers.set(key, numbers.size);
      groupOf[example] = numbers.get(key)!;
    },
    count(isRight): Cell[] {
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
