/** Asks people's own pairs: a side of a split, or a file. @module */
import { rereadPairs } from "../checkpoint/open_pairs.ts";
import { readPairFile } from "../checkpoint/pair_files.ts";
import { formatOf } from "../problem/pairs/format_of.ts";
import { createDatasetBuilder, type Dataset } from "../dataset/dataset.ts";
import { createAssessor } from "../evaluation/assess.ts";
import { findFault } from "../evaluation/ask_suites.ts";
import {
  addMemory,
  countBaselines,
  createBaselineCounter,
  groupBySeen,
  indexTraining,
} from "../evaluation/training_index.ts";
import { formatPlural } from "../evaluation/format.ts";
import type { Assessment } from "../evaluation/assessment.ts";
import type { Baseline } from "../evaluation/report.ts";
import type { Example } from "../problem/example.ts";
import type { PairIndex } from "../problem/pairs/pair_index.ts";
import type { ReadReport } from "../problem/pairs/pair_reader.ts";
import { MOST_SYMBOLS } from "../problem/pairs/pair_text.ts";
import { isPairs, type PairsSettings } from "../problem/pairs/settings.ts";
import { resolvePairs } from "../problem/pairs/resolve_pairs.ts";
import { runInTurns, type TurnOptions } from "../time/slices.ts";
import {
  type AskedExamples,
  assessSplit,
  openRunSplit,
  showTurns,
  type SplitName,
  type Work,
} from "./evaluation_work.ts";
import { NAMES_NO_FILE } from "./pairs_options.ts";
import { printError } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** Asks a side of people's own pairs. */
export async function askPairs(
  work: Work,
  settings: PairsSettings,
  name: SplitName,
): Promise<AskedExamples> {
  if (settings.data === null) {
    throw new UsageError(
      `Cannot evaluate: ${NAMES_NO_FILE}; name a file of pairs with --data`,
    );
  }
  if (name === "test" && settings.test === null) {
    throw new UsageError(
      "Cannot evaluate on a test file: the run was trained without one; name a file of pairs with --data",
    );
  }
  const split = await openRunSplit(work);
  if (name === "training") {
    const assessment = await assessSplit(work, split.training);
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
  const groupings = [...work.problem.groupings, groupBySeen(index)];
  const assessment = await assessSplit(work, validation, groupings);
  return {
    assessment,
    baselines: compareMemory(work, baselines, assessment),
    asked: "the validation split",
  };
}

/** Asks the examples of a file. */
export async function askFile(work: Work, path: string): Promise<AskedExamples> {
  const { opened: { checkpoint: { problem: settings } }, problem } = work;
  const asked = `the file ${path}`;
  if (!isPairs(settings)) {
    const reading = resolvePairs({ normalize: "none" });
    const found = await askRead(work, undefined, async (take, turns) => {
      await readPairFile({ path, format: formatOf(path, "auto") }, reading, take, turns);
    }, (question) => problem.readQuestion(question).question);
    return { ...found, asked };
  }
  const hasBaselines = settings.data !== null && work.recorder === undefined; // a comparison of runs shows none
  const index = hasBaselines ? await tryIndexing(work) : undefined;
  const reading = { ...settings, maxLength: MOST_SYMBOLS }; // a text that is too long for the model counts as wrong
  const found = await askRead(work, index, async (take, turns) => {
    const file = { path, format: formatOf(path, settings.format) };
    sayWhatWasLeftOut(work, (await readPairFile(file, reading, take, turns)).report);
  });
  return { ...found, asked };
}

/** Says how many lines were left out, if the run leaves out bad lines. */
function sayWhatWasLeftOut({ preparation }: Work, { badLines, firstBadLines }: ReadReport): void {
  if (badLines === 0) return;
  preparation.clear();
  printError(`Left out ${formatPlural(badLines, "bad line")}, such as ${firstBadLines[0]}`);
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
    ...{ worst: work.worst, ...work.answering },
  }, work.recorder?.observe);
  const baselines = index && createBaselineCounter(index);
  const builder = createDatasetBuilder(model.config);
  await read((given) => {
    const example = tryNormalize(given, normalize);
    const fault = typeof example === "string" ? example : findFault(model, example);
    baselines?.add(given);
    if (fault !== undefined) {
      assessor.refuse(fault);
      work.recorder?.refuse(given);
    } else {
      builder.add(example as Example);
      work.recorder?.announce(given);
    }
  }, showTurns(work, "Reading"));
  if (builder.count > 0) await assessor.ask(builder.finish(), showTurns(work, "Evaluating"));
  const assessment = assessor.finish();
  return { assessment, baselines: compareMemory(work, baselines?.finish() ?? [], assessment) };
}

/** Adds what the model would score with the memory of its training, unless it has answered with it. */
function compareMemory(
  { answering: { memory } }: Work,
  baselines: readonly Baseline[],
  assessment: Assessment,
): readonly Baseline[] {
  return memory === undefined ? addMemory(baselines, assessment) : baselines;
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

/** Indexes the training; says why it cannot, and goes on without: the examples of another file can be asked all the same. */
async function tryIndexing(work: Work): Promise<PairIndex | undefined> {
  try {
    return await indexPairs(work, (await openRunSplit(work)).training);
  } catch (error) {
    if (work.signal.aborted) throw error;
    work.preparation.clear();
    printError(`Not compared with the training: ${(error as Error).message}`);
    return undefined;
  }
}

async function indexPairs(work: Work, training: Dataset): Promise<PairIndex> {
  return await runInTurns(
    indexTraining(training),
    training.count,
    showTurns(work, "Indexing the training"),
  );
}
