/** Shows the run that this process trains. @module */
import { encodeCheckpoint } from "../checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../checkpoint/take_checkpoint.ts";
import type { Split } from "../dataset/split.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import type { AnswersEvent } from "../training/events.ts";
import type { Training } from "../training/training.ts";
import { answerQuestion, listAnswers } from "./ask_model.ts";
import type { RunNews, WatchedRun } from "./watched_run.ts";

/** The parts of a training that are shown. */
export interface LiveRunSource {
  readonly path: string;
  readonly news: RunNews;
  readonly training: Training;
  /** The examples that it is trained and measured on; absent if they are not there, so that no answers to them are shown. */
  readonly split?: Split;
  readonly problem: ProblemSettings;
}

/** A run that this process trains. */
export interface LiveRun extends WatchedRun {
  /** Step of the answers that are kept; undefined if there are none. */
  readonly answeredAt: number | undefined;
  /** Keeps the answers to the validation split. */
  keepAnswers(event: AnswersEvent): void;
}

/** Shows a training. The caller disposes of it. Questions are answered between two steps. */
export function watchTraining(source: LiveRunSource): LiveRun {
  const { path, news, training, split, problem } = source;
  const { model } = training;
  let kept: { readonly answers: Uint8Array; readonly step: number } | undefined;
  return {
    path,
    news,
    get answeredAt(): number | undefined {
      return kept?.step;
    },
    ask: (question) => answerQuestion({ model, problem, step: training.progress.step }, question),
    answers: () => {
      if (kept !== undefined && split !== undefined) {
        return Promise.resolve(listAnswers(split, kept.answers, kept.step));
      }
      const examples = split?.validation.count ?? 0; // there are no answers before the first epoch
      return Promise.resolve({ step: 0, examples, questions: [], targets: [], guesses: [] });
    },
    readModel: async () =>
      await encodeCheckpoint({ ...await takeCheckpoint(training, problem), moments: [] }),
    keepAnswers({ answers }): void {
      kept = { answers, step: training.progress.step };
    },
  };
}
