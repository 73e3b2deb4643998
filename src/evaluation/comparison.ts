/** Compares models on the same examples: plain data, which JSON can hold. @module */
import type { Example } from "../problem/example.ts";
import type { RecordedAnswer } from "./answer_record.ts";
import { type Interval, wilsonInterval } from "./interval.ts";
import { comparePaired, type PairedCounts, type PairedDifference, testMcNemar } from "./paired.ts";

/** A run that is compared, and how many examples it answers correctly. */
export interface ComparedRun extends Interval {
  /** Its directory. */
  readonly run: string;
  /** Steps of its training; of an ensemble, those of all its models together. */
  readonly step: number;
  readonly right: number;
  /** Share of right answers, with its 95 % interval by Wilson's score. */
  readonly exactMatch: number;
}

/** Two runs on the same examples. */
export interface ComparedPair extends PairedDifference, PairedCounts {
  /** Numbers of the two runs in the list, from 0. */
  readonly first: number;
  readonly second: number;
  /** p-value of the exact McNemar test, not corrected for the number of pairs. */
  readonly pValue: number;
}

/** An example that not all runs answer alike: some correctly, some not. */
export interface DifferingExample {
  readonly question: string;
  /** The correct answer. */
  readonly target: string;
  /** The answer of each run; null if it cannot be asked. */
  readonly answers: readonly { readonly guess: string | null; readonly isRight: boolean }[];
}

/** What a comparison finds. */
export interface Comparison {
  /** The examples in words: `the validation split`. */
  readonly asked: string;
  /** Which checkpoint of every run: `latest` or `best`. */
  readonly weights: string;
  /** Number of examples. */
  readonly examples: number;
  readonly runs: readonly ComparedRun[];
  /** Every two runs. */
  readonly pairs: readonly ComparedPair[];
  /** Number of examples that some runs answer correctly and others do not. */
  readonly differing: number;
  /** The first of these. */
  readonly shown: readonly DifferingExample[];
}

/** The answers of a run. */
export interface RunAnswers extends Pick<ComparedRun, "run" | "step"> {
  readonly records: readonly RecordedAnswer[];
}

/** Finds the first example that two runs do not have in common; undefined if they have the same examples in the same order. */
export function findOtherExample(
  first: RunAnswers,
  second: RunAnswers,
): { readonly at: number; readonly examples: readonly (Example | undefined)[] } | undefined {
  const most = Math.max(first.records.length, second.records.length);
  for (let at = 0; at < most; at++) {
    const examples = [first, second].map(({ records }) => records[at]?.example);
    const [one, other] = examples.map((example) => example && nameExample(example));
    if (one !== other) return { at, examples };
  }
  return undefined;
}

/** A run may have composed what another has decomposed. */
function nameExample({ question, answer }: Example): string {
  return JSON.stringify([question.normalize("NFC"), answer.normalize("NFC")]);
}

/**
 * Compares runs that have answered the same examples in the same order.
 *
 * @param most number of differing examples to show
 */
export function compareRuns(
  runs: readonly RunAnswers[],
  { most, ...head }: Pick<Comparison, "asked" | "weights"> & { readonly most: number },
): Comparison {
  const examples = runs[0]!.records.length;
  const differing = runs[0]!.records.flatMap((_, at) => {
    const rights = runs.filter(({ records }) => records[at]!.isRight).length;
    return rights > 0 && rights < runs.length ? [at] : [];
  });
  return {
    ...head,
    examples,
    runs: runs.map(({ run, step, records }) => {
      const right = records.filter(({ isRight }) => isRight).length;
      return { run, step, right, exactMatch: right / examples, ...wilsonInterval(right, examples) };
    }),
    pairs: runs.flatMap((_, second) =>
      runs.slice(0, second).map((_, first) => comparePair(runs, first, second))
    ),
    differing: differing.length,
    shown: differing.slice(0, most).map((at) => {
      const { example: { question, answer: target } } = runs[0]!.records[at]!;
      const answers = runs.map(({ records }) => {
        const { guess, isRight } = records[at]!;
        return { guess, isRight };
      });
      return { question, target, answers };
    }),
  };
}

function comparePair(runs: readonly RunAnswers[], first: number, second: number): ComparedPair {
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  const [one, other] = [runs[first]!.records, runs[second]!.records];
  for (const [at, { isRight }] of one.entries()) {
    const isOtherRight = other[at]!.isRight;
    if (isRight) counts[isOtherRight ? "both" : "onlyFirst"]++;
    else counts[isOtherRight ? "onlySecond" : "neither"]++;
  }
  return {
    ...{ first, second, ...comparePaired(counts), ...counts },
    pValue: testMcNemar(counts.onlyFirst, counts.onlySecond),
  };
}
