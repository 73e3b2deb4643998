/** The whole of an evaluation: plain data. The text, the page and the JSON of `evaluate` are made of it. @module */
import type { Assessment } from "./assessment.ts";
import type { Interval } from "./interval.ts";
import type { AnsweredQuestion } from "./worst_answers.ts";

/** Everything that an evaluation finds. */
export interface EvaluationReport extends Assessment {
  /** The problem's fixed suite of edge cases; null if it has none. */
  readonly edgeCases: SuiteResult | null;
  /** Questions of one size beyond the training; null if the problem makes none. */
  readonly beyond: BeyondResult | null;
  /** What other ways to answer would score on the same questions; empty if the problem makes its examples itself. */
  readonly baselines: readonly Baseline[];
}

/** The result of a fixed suite. All of its cases must be right. */
export interface SuiteResult {
  /** Number of cases. */
  readonly examples: number;
  /** Number of right answers. */
  readonly right: number;
  /** Whether all are right. */
  readonly passed: boolean;
  /** The wrong answers. */
  readonly failures: readonly AnsweredQuestion[];
}

/** The result on questions of one size beyond the training. */
export interface BeyondResult extends Interval {
  /** Number of questions that were drawn. */
  readonly drawn: number;
  /** Number of those that the model can read and whose answer it can write. */
  readonly examples: number;
  /** Number of right answers. */
  readonly right: number;
  /** Share of right answers among those that were asked; null if none was. */
  readonly exactMatch: number | null;
  /** Why the others were not asked: `the question "1000+1000" has 9 symbols, but the model has room for 7`; null if all were. */
  readonly reason: string | null;
  /** Some wrong answers. */
  readonly failures: readonly AnsweredQuestion[];
}

/** Another way to answer. */
export interface Baseline {
  /** Its name in JSON: `copying`. */
  readonly name: string;
  /**
   * What it does, for people: `copying the question`. Memorising gives the question's most frequent answer in the training; with the
   * model's answer elsewhere it is `memory`.
   */
  readonly title: string;
  /** Number of the same questions that it answers correctly. */
  readonly right: number;
  /** Share of the same questions that it answers correctly, from 0 to 1. */
  readonly exactMatch: number;
}

/** What was evaluated, for the head of a report. */
export interface ReportHead {
  /** The run's directory. */
  readonly run: string;
  /** The numbers of an ensemble's models that answer; absent for one model. */
  readonly members?: readonly number[];
  /** Which checkpoint of it: `latest` or `best`. */
  readonly weights: string;
  /** Steps that its training had taken; of an ensemble, those of all its models together. */
  readonly step: number;
  /** The problem in words: `50000 additions of up to 3 digits`. */
  readonly problem: string;
  /** The examples in words: `the validation split`. */
  readonly asked: string;
  /** Characters between a question and its answer in a line: `=`. */
  readonly equals: string;
}
