/** Assesses a model on examples of any number: its memory does not grow with it. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { arrayRule, BOOLEAN, integer, optional } from "../arguments/rule.ts";
import { readWritten } from "../codec/answer_edits.ts";
import { acceptAnswers } from "../dataset/accept_answers.ts";
import { checkDataset, type Dataset, readExample } from "../dataset/dataset.ts";
import { type MediaBundle, showAs } from "../display/display.ts";
import { checkModel, watchModel } from "../model/in_use.ts";
import { MEMORY, type Memory } from "../model/memory.ts";
import type { Model } from "../model/model.ts";
import { planSearch } from "../model/plan_search.ts";
import { SEARCH_RULES } from "../model/search_settings.ts";
import type { Grouping } from "../problem/problem.ts";
import { computeRanges } from "../time/ranges.ts";
import { TURN_RULES, type TurnOptions } from "../time/slices.ts";
import { checkFit } from "../training/evaluate.ts";
import { createExampleAnswerer } from "./answer_examples.ts";
import type { ObserveAnswer } from "./answer_record.ts";
import type { Assessment } from "./assessment.ts";
import { countHeld, divideDataset } from "./held_parts.ts";
import { recallAnswers } from "./recall_answers.ts";
import { createTally } from "./tally.ts";

/** What is counted besides the figures of all examples together. */
export interface CountOptions {
  /** By which groups the examples are broken down, such as a problem's `groupings`. Default: none. */
  readonly groupings?: readonly Grouping[];
  /** Number of wrong answers to keep, those of the highest probabilities, 0 to 1000. Default 10. */
  readonly worst?: number;
  /** Whether the examples are all that there are, so that shares are exact. Default false. */
  readonly complete?: boolean;
  /** Number of hypotheses that a beam search keeps, as in `predict()`. Default: 5 with attention, 1 without. */
  readonly beam?: number;
  /** Exponent of the length in the search, as in `predict()`. Default 0. */
  readonly lengthPenalty?: number;
  /** What was seen in a training, as in `predict()`. The loss, and the models of an ensemble alone, are those without. */
  readonly memory?: Memory;
}

/** How to assess. The signal stops it between two batches. Progress is counted in examples. */
export interface AssessOptions extends CountOptions, TurnOptions {}

/** Assesses a model on examples that come in parts. */
export interface Assessor {
  /** Counts an example that the model cannot be asked, or whose answer it cannot write, as wrong. */
  refuse(reason: string): void;
  /**
   * Asks the questions of a dataset. Progress is counted in its examples.
   *
   * @throws {TypeError} if it is not laid out as the model's questions and answers are
   * @throws {Error} if the model was disposed of or was trained meanwhile, or if the device was lost or failed
   * @throws the signal's reason, if it aborts
   */
  ask(dataset: Dataset, turns?: TurnOptions): Promise<void>;
  /** Gives what was found. @throws {RangeError} if no question could be asked */
  finish(): Assessment;
}

const ACTION = "assess a model";
/** Most wrong answers that are kept: each may have thousands of characters. */
export const WORST = integer(0, 1000);
const DEFAULTS = { groupings: [], worst: 10, complete: false };

const COUNT_RULES: Rules<CountOptions> = {
  groupings: arrayRule(),
  worst: WORST,
  complete: BOOLEAN,
  beam: SEARCH_RULES.beam,
  lengthPenalty: SEARCH_RULES.lengthPenalty,
  memory: optional(MEMORY),
};
const RULES: Rules<AssessOptions> = { ...COUNT_RULES, ...TURN_RULES };

/**
 * Assesses a model on a dataset: exact match with its interval, error rates, calibration, groups, and the worst answers.
 *
 * @returns plain data, which JSON can hold
 * @throws {TypeError} if the dataset does not fit the model, or an option is unknown or has a wrong type
 * @throws {RangeError} if an option is out of its range
 * @throws {Error} if the model was disposed of or was trained meanwhile, or if the device was lost or failed
 * @throws the signal's reason, if it aborts
 * @example
 * ```ts
 * import { assess, characterLayout, chooseDevice, createDataset, createModel } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * const layout = characterLayout(" +0123456789", { inputLength: 3, outputLength: 2 });
 * using model = await createModel({
 *   cell: "gru", hiddenSize: 8, layers: 1, ...layout,
 * }, { device: await chooseDevice("cpu") });
 * const dataset = createDataset([{ question: "1+1", answer: "2" }], layout);
 * const { examples, exactMatchInterval } = await assess(model, dataset);
 * assertEquals(examples, 1);
 * assertEquals(exactMatchInterval.high - exactMatchInterval.low > 0.79, true); // one example says little
 * ```
 */
export async function assess(
  model: Model,
  dataset: Dataset,
  options: AssessOptions = {},
): Promise<Assessment> {
  const { onProgress, signal, now, ...counted } = resolveOptions(options, {
    ...{ action: ACTION, rules: RULES, defaults: DEFAULTS },
  });
  const turns = {
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
    ...(now && { now }),
  };
  const assessor = createAssessor(model, counted);
  await assessor.ask(dataset, turns);
  return assessor.finish();
}

/** Makes an assessor. @param observe called for every answer @throws {TypeError | RangeError | Error} if an option is wrong, or the model cannot be used */
export function createAssessor(
  model: Model,
  options: CountOptions = {},
  observe?: ObserveAnswer,
): Assessor {
  const counted = resolveOptions(options, {
    ...{ action: ACTION, rules: COUNT_RULES, defaults: DEFAULTS },
  });
  checkModel(ACTION, model);
  const search = planSearch(ACTION, model, counted);
  const { executor, target } = model;
  const tally = createTally({
    ...counted,
    ...{ target: target.layout, readAnswer, ...(observe && { observe }) },
  });
  const check = watchModel(ACTION, model);
  function readAnswer(indices: Uint8Array, question: string): string {
    return readWritten(question, target.read(indices), target.layout);
  }
  let asked = 0;
  let refused: string | undefined;

  async function askPart(part: Dataset, turns: TurnOptions): Promise<void> {
    using held = executor.hold(part);
    const answerer = createExampleAnswerer(model, search, { ...turns, check });
    await computeRanges({
      ...{ count: part.count, size: answerer.examplesAtOnce, check },
      compute: (from, to) => answerer.answer(held, part, { from, to }),
      take(measured, from): void {
        const { answers, members = [] } = measured;
        for (const each of [answers, ...members]) acceptAnswers(part, each, from);
        const { memory } = counted;
        if (memory !== undefined) recallAnswers(measured, part, { model, memory, from });
        const count = measured.answers.length / target.length;
        const targets = part.targets.subarray(from * target.length, (from + count) * target.length);
        tally.add({
          ...{ ...measured, count, targets },
          readExample: (at) => readExample(part, from + at),
        });
      },
    }, turns);
  }

  return {
    refuse(reason): void {
      refused ??= reason;
      tally.refuse(reason);
    },
    async ask(dataset, { onProgress, ...turns } = {}): Promise<void> {
      checkDataset(ACTION, dataset);
      checkFit(model, dataset);
      asked += dataset.count;
      for (const { from, part } of divideDataset(dataset, countHeld(model))) {
        await askPart(part, {
          ...turns,
          ...(onProgress && { onProgress: (done) => onProgress(from + done, dataset.count) }),
        });
      }
    },
    finish(): Assessment {
      if (asked > 0) return showAs(tally.finish(), viewAssessment);
      throw new RangeError(
        refused === undefined
          ? "Cannot assess a model: it must be asked at least one question, but was asked none"
          : `Cannot assess a model: it must be able to read at least one question and to write its answer, but can do so for none: ${
            refused.replace(/^Cannot/, "it cannot")
          }`,
      );
    },
  };
}

/** Shows an assessment in a notebook. */
async function viewAssessment(assessment: Assessment): Promise<MediaBundle> {
  return (await import("../notebook/show_evaluation.ts")).showAssessment(assessment);
}
