/** Chooses the examples of an evaluation, and asks them. @module */
import { askAll } from "../evaluation/ask_all.ts";
import { createAssessor } from "../evaluation/assess.ts";
import { groupByOrigin } from "../evaluation/training_index.ts";
import { isPairs } from "../problem/pairs/settings.ts";
import { runInTurns } from "../time/slices.ts";
import { askFile, askPairs } from "./evaluation_pairs.ts";
import {
  type AskedExamples,
  assessSplit,
  openRunSplit,
  showTurns,
  type SplitName,
  type Work,
} from "./evaluation_work.ts";
import { UsageError } from "./usage_error.ts";

/** The examples to ask: a side of the split, all that there are, or those of a file. */
export type Asked =
  | { readonly kind: "split"; readonly split: SplitName }
  | { readonly kind: "every" }
  | { readonly kind: "file"; readonly path: string };

/**
 * Asks the chosen examples.
 *
 * @throws {UsageError} if there are none such for this run
 * @throws {Error} if a file cannot be read, or has changed since the training
 * @throws the signal's reason, if it aborts
 */
export async function askExamples(work: Work, asked: Asked): Promise<AskedExamples> {
  switch (asked.kind) {
    case "every":
      return await askEvery(work);
    case "file":
      return await askFile(work, asked.path);
    case "split": {
      const { problem } = work.opened.checkpoint;
      return isPairs(problem)
        ? await askPairs(work, problem, asked.split)
        : await askGenerated(work, asked.split);
    }
  }
}

/** Asks a side of the examples that a problem makes. */
async function askGenerated(work: Work, name: SplitName): Promise<AskedExamples> {
  if (name === "test") {
    throw new UsageError(
      `Cannot evaluate on a test split: ${work.opened.checkpoint.problem.name} has none; --split takes validation or training, and --data FILE takes examples of your own`,
    );
  }
  if (name === "training" && work.opened.checkpoint.training.fresh) {
    throw new UsageError(
      "Cannot evaluate on the training split: the run was trained on fresh questions in every epoch",
    );
  }
  const dataset = (await openRunSplit(work))[name];
  return {
    assessment: await assessSplit(work, dataset),
    baselines: [],
    asked: `the ${name} split`,
  };
}

/** Asks every question that there is. */
async function askEvery(work: Work): Promise<AskedExamples> {
  const { opened: { model, checkpoint: { training } }, problem: { generated, groupings } } = work;
  if (generated?.every === undefined) {
    throw new UsageError(
      generated === undefined
        ? "Cannot ask every question: which questions there are is not known for pairs of your own"
        : "Cannot ask every question: there are more than 10,000,000",
    );
  }
  const { every: { count, examples }, groupOf } = generated;
  const split = await openRunSplit(work);
  const origin = await runInTurns(
    groupByOrigin({
      validation: split.validation,
      ...(training.fresh ? {} : { training: split.training }),
      ...(groupOf && { groupOf }),
    }),
    split.validation.count + split.training.count,
    showTurns(work, "Reading questions"),
  );
  const assessor = createAssessor(model, {
    ...{ groupings: [...groupings, origin], worst: work.worst, ...work.answering, complete: true },
  });
  await askAll(assessor, examples(), { model, count, ...showTurns(work, "Evaluating") });
  return { assessment: assessor.finish(), baselines: [], asked: "every question there is" };
}
