/** What a training has seen: which questions of an evaluation it knows, and what memorising or copying would score. @module */
import { hashText } from "../problem/pairs/hash_text.ts";
import { createKeyTable } from "../problem/pairs/key_table.ts";
import { createPairIndex, isCopy, type PairIndex } from "../problem/pairs/pair_index.ts";
import type { Example } from "../problem/example.ts";
import type { Grouping } from "../problem/problem.ts";
import { type Dataset, readExample } from "../dataset/dataset.ts";
import type { Sliced } from "../time/slices.ts";
import type { Assessment } from "./assessment.ts";
import type { Baseline } from "./report.ts";

/** Number of examples that are read in a few milliseconds. */
const EXAMPLES_A_SLICE = 4096;

/** Indexes the pairs of a training, within 80 bytes a pair; yields the number of pairs. */
export function* indexTraining(training: Dataset): Sliced<PairIndex> {
  const index = createPairIndex();
  for (let at = 0; at < training.count; at++) {
    const { question, answer } = readExample(training, at);
    index.add(question, answer);
    if ((at + 1) % EXAMPLES_A_SLICE === 0) yield at + 1;
  }
  return index;
}

/** The name of {@linkcode groupBySeen}, and its group of questions that the training did not have. */
const [SEEN, UNSEEN] = ["seen", "no"];

/** Groups examples by whether the training had their question. */
export function groupBySeen(training: Pick<PairIndex, "recall">): Grouping {
  return {
    name: SEEN,
    title: "Question in the training",
    keyOf({ question, answer }): string {
      const known = training.recall(question, answer);
      return known === "unknown"
        ? UNSEEN
        : known === "other answer"
        ? "with another answer"
        : "yes";
    },
  };
}

/** Counts what answering without a model would get right. */
export interface BaselineCounter {
  /** Counts an example. */
  add(example: Example): void;
  /** Gives the shares of all examples so far. */
  finish(): readonly Baseline[];
}

/** Makes a counter: of the question's most frequent answer in the training, and of the question itself as its answer. */
export function createBaselineCounter(training: Pick<PairIndex, "recall">): BaselineCounter {
  let [examples, memorised, copied] = [0, 0, 0];
  return {
    add({ question, answer }): void {
      examples++;
      if (training.recall(question, answer) === "usual answer") memorised++;
      if (isCopy(question, answer)) copied++;
    },
    finish: () => [
      {
        name: "memorising",
        title: "memorising the training",
        ...{ right: memorised, exactMatch: memorised / examples },
      },
      {
        name: "copying",
        title: "copying the question",
        ...{ right: copied, exactMatch: copied / examples },
      },
    ],
  };
}

/**
 * Adds what a model would score with the memory of its training: the most frequent answer where a question was seen, the model's
 * elsewhere. It takes no further question: right = right of memorising + right of the model where the question was not seen.
 *
 * @param assessment that of the model without memory, with the groups of {@linkcode groupBySeen}
 */
export function addMemory(
  baselines: readonly Baseline[],
  { examples, groups }: Pick<Assessment, "examples" | "groups">,
): readonly Baseline[] {
  const memorising = baselines.find(({ name }) => name === "memorising");
  const seen = groups.find(({ name }) => name === SEEN);
  if (memorising === undefined || seen === undefined) return baselines;
  const unseen = seen.cells.find(({ key }) => key === UNSEEN)?.right ?? 0;
  const right = memorising.right + unseen;
  const title = "memorising where seen, else this run";
  return [{ name: "memory", title, right, exactMatch: right / examples }, ...baselines];
}

/** Counts what answering the examples of a dataset without a model would get right; yields the number of examples. */
export function* countBaselines(
  dataset: Dataset,
  training: Pick<PairIndex, "recall">,
): Sliced<readonly Baseline[]> {
  const counter = createBaselineCounter(training);
  for (let at = 0; at < dataset.count; at++) {
    counter.add(readExample(dataset, at));
    if ((at + 1) % EXAMPLES_A_SLICE === 0) yield at + 1;
  }
  return counter.finish();
}

/** The questions of both sides of a split. */
export interface SplitQuestions {
  /** What the model learned from; absent if it had fresh questions in every epoch. */
  readonly training?: Dataset;
  /** What was held back. */
  readonly validation: Dataset;
  /** Gives a name that all forms of a question share. Absent if every question has one form. */
  readonly groupOf?: (example: Example) => string;
}

/** Makes the grouping of all questions there are: trained on, held out, or neither. Yields the number of examples read. */
export function* groupByOrigin(
  { training, validation, groupOf = ({ question }) => question }: SplitQuestions,
): Sliced<Grouping> {
  let read = 0;
  const [trained, heldOut] = [createKeyTable(), createKeyTable()];
  for (const [dataset, names] of [[training, trained], [validation, heldOut]] as const) {
    for (let at = 0; at < (dataset?.count ?? 0); at++) {
      names.add(hashText(groupOf(readExample(dataset!, at))));
      if (++read % EXAMPLES_A_SLICE === 0) yield read;
    }
  }
  const otherwise = training === undefined ? "perhaps trained on" : "neither";
  return {
    name: "origin",
    title: "Trained on or held out",
    keyOf(example): string {
      const name = hashText(groupOf(example));
      if (heldOut.find(name) >= 0) return "held out";
      return trained.find(name) >= 0 ? "trained on" : otherwise;
    },
  };
}
