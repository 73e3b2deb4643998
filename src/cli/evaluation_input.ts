/** Chooses the examples of an evaluation, and asks them. @module */
import { openSplit } from "../checkpoint/open_split.ts";
import { formatOf, readPairFile, rereadPairs } from "../checkpoint/pair_files.ts";
import { createDatasetBuilder, type Dataset } from "../dataset/dataset.ts";
import type { Split } from "../dataset/split.ts";
import { askAll, assess, createAssessor } from "../evaluation/assess.ts";
import type { Assessment } from "../evaluation/assessment.ts";
import { findFault } from "../evaluation/ask_suites.ts";
import type { Baseline } from "../evaluation/report.ts";
import {
  countBaselines,
  createBaselineCounter,
  groupByOrigin,
  groupBySeen,
  indexTraining,
} from "../evaluation/training_index.ts";
import type { Example } from "../problem/example.ts";
import type { PairIndex } from "../problem/pairs/pair_index.ts";
import { isPairs, type PairsSettings, resolvePairs } from "../problem/pairs/settings.ts";
import type { Problem } from "../problem/problem.ts";
import { runInTurns, type TurnOptions } from "../time/slices.ts";
import type { OpenedModel } from "./open_model.ts";
import type { Preparation } from "./preparation.ts";
import { UsageError } from "./usage_error.ts";

/** The examples to ask: a side of the split, all that there are, or those of a file. */
export type Asked =
  | { readonly kind: "split"; readonly split: SplitName }
  | { readonly kind: "every" }
  | { readonly kind: "file"; readonly path: string };

/** The names of `--split`. */
export const SPLIT_NAMES = ["validation", "test", "training"] as const;
type SplitName = typeof SPLIT_NAMES[number];

/** A model to evaluate, and how. */
export interface Work {
  readonly opened: OpenedModel;
  readonly problem: Problem;
  /** Number of wrong answers to keep. */
  readonly worst: number;
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
  const assessment = await assess(work.opened.model, dataset, {
    ...{ groupings: work.problem.groupings, worst: work.worst },
    ...showTurns(work, "Evaluating"),
  });
  return { assessment, baselines: [], asked: `the ${name} split` };
}

/** Asks a side of people's own pairs. */
async function askPairs(
  work: Work,
  settings: PairsSettings,
  name: SplitName,
): Promise<AskedExamples> {
  if (settings.data === null) {
    throw new UsageError(
      "Cannot evaluate: a program gave the pairs of this run; name a file of pairs with --data",
    );
  }
  if (name === "test" && settings.test === null) {
    throw new UsageError(
      "Cannot evaluate on a test file: the run was trained without one; name a file of pairs with --data",
    );
  }
  const split = await openRunSplit(work);
  if (name === "training") {
    const assessment = await assess(work.opened.model, split.training, {
      ...{ groupings: work.problem.groupings, worst: work.worst },
      ...showTurns(work, "Evaluating"),
    });
    return { assessment, baselines: [], asked: "the training split" };
  }
  const index = await indexPairs(work, split.training);
  if (name === "test") {
    const found = await askRead(
      work,
      index,
      (take, turns) => rereadPairs(settings, "test", take, turns),
    );
    return { ...found, asked: "the test file" };
  }
  const { validation } = split;
  const baselines = await runInTurns(
    countBaselines(validation, index),
    validation.count,
    showTurns(work, "Comparing"),
  );
  const assessment = await assess(work.opened.model, validation, {
    ...{ groupings: [...work.problem.groupings, groupBySeen(index)], worst: work.worst },
    ...showTurns(work, "Evaluating"),
  });
  return { assessment, baselines, asked: "the validation split" };
}

/** Asks every question that there is. */
async function askEvery(work: Work): Promise<AskedExamples> {
  const { opened: { model, checkpoint: { training } }, problem: { generated, groupings } } = work;
  if (generated?.every === undefined) {
    throw new UsageError(
      generated === undefined
        ? "Cannot ask every question: nobody knows all questions of pairs of your own"
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
    ...{ groupings: [...groupings, origin], worst: work.worst, complete: true },
  });
  await askAll(assessor, examples(), { model, count, ...showTurns(work, "Evaluating") });
  return { assessment: assessor.finish(), baselines: [], asked: "every question there is" };
}

/** Asks the examples of a file. */
async function askFile(work: Work, path: string): Promise<AskedExamples> {
  const { opened: { checkpoint: { problem: settings } }, problem } = work;
  const asked = `the file ${path}`;
  if (!isPairs(settings)) {
    const reading = resolvePairs({ normalize: "none" });
    const found = await askRead(work, undefined, async (take, turns) => {
      await readPairFile(describeFile(path), reading, take, turns);
    }, (question) => problem.readQuestion(question).question);
    return { ...found, asked };
  }
  const index = settings.data === null
    ? undefined
    : await indexPairs(work, (await openRunSplit(work)).training);
  const found = await askRead(work, index, async (take, turns) => {
    await readPairFile(describeFile(path), settings, take, turns);
  });
  return { ...found, asked };
}

function describeFile(path: string): { path: string; format: ReturnType<typeof formatOf> } {
  return { path, format: formatOf(path, "auto") };
}

/** Gives examples to a function. */
type ReadExamples = (take: (example: Example) => void, turns: TurnOptions) => Promise<void>;

/** Reads examples, then asks those that the model can be asked; the others count as wrong. */
async function askRead(
  work: Work,
  index: PairIndex | undefined,
  read: ReadExamples,
  normalize: (question: string) => string = (question) => question,
): Promise<Omit<AskedExamples, "asked">> {
  const { opened: { model }, problem: { groupings } } = work;
  const assessor = createAssessor(model, {
    groupings: index === undefined ? groupings : [...groupings, groupBySeen(index)],
    worst: work.worst,
  });
  const baselines = index && createBaselineCounter(index);
  const builder = createDatasetBuilder(model.config);
  await read((given) => {
    const example = tryNormalize(given, normalize);
    const fault = typeof example === "string" ? example : findFault(model, example);
    baselines?.add(given);
    if (fault !== undefined) assessor.refuse(fault);
    else builder.add(example as Example);
  }, showTurns(work, "Reading"));
  if (builder.count > 0) await assessor.ask(builder.finish(), showTurns(work, "Evaluating"));
  return { assessment: assessor.finish(), baselines: baselines?.finish() ?? [] };
}

/** Normalises the question of an example; gives the reason if it is none. */
function tryNormalize(
  { question, answer }: Example,
  normalize: (question: string) => string,
): Example | string {
  try {
    return { question: normalize(question), answer };
  } catch (error) {
    return (error as Error).message;
  }
}

/** Makes the split of the run again. Which questions are held back does not depend on `swap`. */
async function openRunSplit(work: Work): Promise<Split> {
  const { model: { config }, checkpoint: { problem, training: { weighted } } } = work.opened;
  return await openSplit({
    ...{ problem, model: config, training: { weighted, swap: false, fresh: false } },
  }, showTurns(work, isPairs(problem) ? "Reading pairs" : "Generating questions"));
}

async function indexPairs(work: Work, training: Dataset): Promise<PairIndex> {
  return await runInTurns(
    indexTraining(training),
    training.count,
    showTurns(work, "Indexing the training"),
  );
}

function showTurns({ preparation, signal }: Work, what: string): TurnOptions {
  return { onProgress: preparation.show(what), signal };
}
