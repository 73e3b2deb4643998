/** Measures the pairs of a file while they are read: symbols, lengths, and what is unusual about them. @module */
import { createSymbolCounter } from "./symbol_counts.ts";
import { createPairIndex, isCopy, type PairIndex } from "./pair_index.ts";
import type { ReadReport, TakePair } from "./pair_reader.ts";
import { createEditTally, type EditFacts } from "./edit_tally.ts";
import { createSideTally, type SideFacts } from "./side_tally.ts";
import type { PairsSettings } from "./settings.ts";

/** What was found in a file. */
export interface FileFacts {
  /** What was read. */
  readonly report: ReadReport;
  readonly source: SideFacts;
  readonly target: SideFacts;
  /** What was found in the answers as edits of their questions; null if they are texts. */
  readonly edits: EditFacts | null;
  /** Number of pairs that were converted to another Unicode form, or, if the form is `none`, would be in NFC. */
  readonly converted: number;
  /** Number of different questions. */
  readonly questions: number;
  /** Number of pairs that repeat an earlier one. */
  readonly repeated: number;
  /** Number of questions with several answers. */
  readonly contradictory: number;
  /** Lines where the first of them get their second answer, at most 3. */
  readonly contradictoryLines: readonly number[];
  /** Whether the first pair reads like the header of a table. */
  readonly seemsToHaveHeader: boolean;
}

/** How the pairs of another file are related to those of the training. */
export interface Overlap {
  /** Number of pairs whose question occurs in the training. */
  readonly questions: number;
  /** Number of pairs that occur in the training. */
  readonly pairs: number;
  /** Number of pairs that repeat the question's most frequent answer in the training: what memorising would get right. */
  readonly memorised: number;
  /** Number of pairs whose answer is the question: what copying would get right. */
  readonly copied: number;
  /** Number of pairs that both together would get right: memorising, and copying a question that is not in the training. */
  readonly either: number;
}

/** Measures pairs one by one. */
export interface Tally {
  readonly take: TakePair;
  /** The questions and their answers. */
  readonly index: PairIndex;
  /** Gives what was found. */
  finish(report: ReadReport): FileFacts;
}

const MOST_LINES = 3;
const HEADER = {
  question: /^(question|source|src|input|word|from|lemma|old|grapheme|text|x)s?$/i,
  answer: /^(answer|target|tgt|output|pronunciation|to|form|new|phoneme|label|y)s?$/i,
};

/** How texts are read, and whether answers may be edits. */
export type TallyOptions = Pick<
  PairsSettings,
  "sourceSeparator" | "targetSeparator" | "normalize" | "answers"
>;

/** Makes a tally of a file. */
export function createTally(options: TallyOptions): Tally {
  const index = createPairIndex();
  const symbols = {
    source: createSymbolCounter(options.sourceSeparator),
    target: createSymbolCounter(options.targetSeparator),
  };
  const sides = { source: createSideTally(), target: createSideTally() };
  const edits = createEditTally(options);
  const contradictoryLines: number[] = [];
  let converted = 0;
  let seemsToHaveHeader: boolean | undefined;

  return {
    index,
    take(pair, line): void {
      const { question, answer } = pair;
      symbols.source.addQuestion(question, line);
      symbols.target.addText(answer, line);
      sides.source.add(question, pair.sourceLength, line);
      sides.target.add(answer, pair.targetLength, line);
      edits.add(question, answer, line);
      if (pair.converted) converted++;
      seemsToHaveHeader ??= HEADER.question.test(question) && HEADER.answer.test(answer);
      const isSecondAnswer = index.add(question, answer);
      if (isSecondAnswer && contradictoryLines.length < MOST_LINES) contradictoryLines.push(line);
    },
    finish: (report) => ({
      report,
      source: { symbols: symbols.source.list(), ...sides.source.finish() },
      target: { symbols: symbols.target.list(), ...sides.target.finish() },
      edits: edits.finish(),
      converted,
      questions: index.questions,
      repeated: report.pairs - index.different,
      contradictory: index.contradictory,
      contradictoryLines,
      seemsToHaveHeader: seemsToHaveHeader === true,
    }),
  };
}

/** Compares pairs one by one with those of the training. */
export function createOverlap(training: PairIndex): {
  add(question: string, answer: string): void;
  finish(): Overlap;
} {
  let [questions, pairs, memorised, copied, either] = [0, 0, 0, 0, 0];
  return {
    add(question, answer): void {
      const known = training.recall(question, answer);
      if (known !== "unknown") questions++;
      if (known === "answer" || known === "usual answer") pairs++;
      if (known === "usual answer") memorised++;
      const isCopied = isCopy(question, answer);
      if (isCopied) copied++;
      if (known === "usual answer" || (known === "unknown" && isCopied)) either++;
    },
    finish: () => ({ questions, pairs, memorised, copied, either }),
  };
}
