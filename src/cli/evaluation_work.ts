/** What the parts of an evaluation share. @module */
import { openSplit } from "../checkpoint/open_split.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Split } from "../dataset/split.ts";
import type { AnswerRecorder } from "../evaluation/answer_record.ts";
import type { Assessment } from "../evaluation/assessment.ts";
import type { Baseline } from "../evaluation/report.ts";
import type { Model } from "../model/model.ts";
import { planSearch } from "../model/plan_search.ts";
import { isPairs } from "../problem/pairs/settings.ts";
import { createAssessor } from "../evaluation/assess.ts";
import type { SuiteOptions } from "../evaluation/ask_suites.ts";
import type { Grouping, Problem } from "../problem/problem.ts";
import type { TurnOptions } from "../time/slices.ts";
import type { OpenedModel } from "./open_model.ts";
import type { Preparation } from "./preparation.ts";

/** The names of `--split`. */
export const SPLIT_NAMES = ["validation", "test", "training"] as const;
/** A name of `--split`. */
export type SplitName = typeof SPLIT_NAMES[number];

/** A model to evaluate, and how. */
export interface Work {
  readonly opened: OpenedModel;
  readonly problem: Problem;
  /** Number of wrong answers to keep. */
  readonly worst: number;
  /** How answers are searched, and what was seen in the training, if answers come from there. */
  readonly answering: SuiteOptions;
  /** Records every answer, if they are compared with those of other runs. */
  readonly recorder?: AnswerRecorder;
  readonly preparation: Preparation;
  readonly signal: AbortSignal;
}

/** What was asked, and what was found. */
export interface AskedExamples {
  readonly assessment: Assessment;
  readonly baselines: readonly Baseline[];
  /** The examples in words. */
  readonly asked: string;
}

/** Makes the split of the run again. Which questions are held back does not depend on `swap`. */
export async function openRunSplit(work: Work): Promise<Split> {
  const { model: { config }, checkpoint: { problem, training: { weighted } } } = work.opened;
  return await openSplit({
    ...{ problem, model: config, training: { weighted, swap: false, fresh: false } },
  }, showTurns(work, isPairs(problem) ? "Reading pairs" : "Generating questions"));
}

/** Asks a side of the split. */
export async function assessSplit(
  work: Work,
  dataset: Dataset,
  groupings: readonly Grouping[] = work.problem.groupings,
): Promise<Assessment> {
  const { opened: { model }, worst, answering, recorder } = work;
  const assessor = createAssessor(model, { groupings, worst, ...answering }, recorder?.observe);
  await assessor.ask(dataset, showTurns(work, "Evaluating"));
  return assessor.finish();
}

/** Shows the progress of a part of the work. */
export function showTurns({ preparation, signal }: Work, what: string): TurnOptions {
  return { onProgress: preparation.show(what), signal };
}

/** Says how answers were found, after what was asked; nothing if they are the model's, and greedy. */
export function describeAnswering(model: Model, { memory, ...given }: SuiteOptions): string {
  const { beam, lengthPenalty } = planSearch("evaluate", model, given);
  const penalty = lengthPenalty === 0 ? "" : ` and a length penalty of ${lengthPenalty}`;
  const search = beam === 1 ? "" : `, with a beam of ${beam}${penalty}`;
  return search + (memory === undefined ? "" : ", with answers that were seen in the training");
}
