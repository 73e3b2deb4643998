/** What an evaluation finds: plain data, which JSON can hold. The command line, the report and programs read the same. @module */
import type { Calibration } from "./calibration.ts";
import type { LearnedCell } from "./cell.ts";
import type { EnsembleFigures } from "./ensemble_counter.ts";
import type { CountedGroups } from "./group_counter.ts";
import type { Interval } from "./interval.ts";
import type { AnsweredQuestion } from "./worst_answers.ts";

/** A group of examples, and the share of right answers with its 95 % interval, as in {@linkcode Assessment}. */
export interface AssessedCell extends LearnedCell, Interval {
  /** Share of right answers, from 0 to 1; null without examples. */
  readonly exactMatch: number | null;
  /** Whether it has fewer than 30 examples, and not all there are, so that its share says little. */
  readonly isSmall: boolean;
}

/** A symbol that was answered as another one. */
export interface Confusion {
  /** The correct symbol; `""` is padding. */
  readonly target: string;
  /** The answered one, at the same position. */
  readonly guess: string;
  /** How often. */
  readonly count: number;
}

/** How well a model answers some examples. A notebook shows it as a picture of its groups. */
export interface Assessment {
  /** Number of examples. */
  readonly examples: number;
  /** Whether these are all examples there are. Every share is exact then, and its interval has no width. */
  readonly complete: boolean;
  /**
   * Number of those that the model cannot be asked, or whose answer it cannot write: a text is too long or has an unknown
   * symbol. They count as wrong, and no figure but the exact match and the word error rate knows them.
   */
  readonly refused: number;
  /** Why the first of them was refused; null if none was. */
  readonly refusedReason: string | null;
  /** Number of examples answered correctly: with every symbol right, padding included. */
  readonly right: number;
  /** Mean cross-entropy per target symbol that counts, in nats: with attention up to the end symbol, else all, padding included. */
  readonly loss: number;
  /**
   * Share of right symbols of answers, position by position, padding included, from 0 to 1. That of a training differs with
   * attention: it measures each symbol after the right ones before it.
   */
  readonly characterAccuracy: number;
  /** Share of examples answered correctly, from 0 to 1. */
  readonly exactMatch: number;
  /** Its 95 % interval, by Wilson's score; the share itself if the examples are all there are. */
  readonly exactMatchInterval: Interval;
  /** Share of examples answered wrong: 1 - exactMatch. */
  readonly wordErrorRate: number;
  /**
   * Edits that make all answers correct, divided by the symbols of all correct answers, both without padding: 0 is best,
   * and it can be above 1. Null if no correct answer has a symbol.
   */
  readonly symbolErrorRate: number | null;
  /** Those edits. */
  readonly edits: number;
  /** Those symbols. */
  readonly targetSymbols: number;
  /** Whether the probabilities of answers are to be believed. */
  readonly calibration: Calibration;
  /** Each model of an ensemble alone, and their agreement; null of one model. */
  readonly ensemble: EnsembleFigures | null;
  /** By the problem's groupings. */
  readonly groups: readonly CountedGroups<AssessedCell>[];
  /** Right symbols by position in the answer, padding included. */
  readonly positions: readonly AssessedCell[];
  /** Right answers by correct symbol, padding included. */
  readonly symbols: readonly AssessedCell[];
  /** The most frequent confusions of two symbols, at most 100. */
  readonly confusions: readonly Confusion[];
  /** The wrong answers of the highest probabilities. */
  readonly worst: readonly AnsweredQuestion[];
}
