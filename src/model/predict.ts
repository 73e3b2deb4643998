/** Answers questions with a model. @module */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { arrayRule, BOOLEAN, describeFound, optional } from "../arguments/rule.ts";
import { BATCH_SIZE } from "../dataset/batches.ts";
import { type MediaBundle, showAs } from "../display/display.ts";
import { CLOCK, type Clock } from "../time/clock.ts";
import { createPause } from "../time/pause.ts";
import { computeRanges } from "../time/ranges.ts";
import { type AnswerText, readAlternatives, readAnswer, readProbabilities } from "./answer.ts";
import { type AnswerAttention, readAttention, viewAttention } from "./answer_attention.ts";
import { measureAgreement } from "./combine.ts";
import { countFoundAtOnce, findAnswers } from "./find_answers.ts";
import type { FoundAnswer } from "./hypothesis.ts";
import { watchModel } from "./in_use.ts";
import { MEMORY, type Memory, recallQuestion } from "./memory.ts";
import type { Model } from "./model.ts";
import { checkAsAsked, encodeQuestions } from "./question.ts";
import { planSearch } from "./plan_search.ts";
import { SEARCH_RULES, type SearchSettings } from "./search_settings.ts";

/** An answer of a model, and its probability. In a notebook it shows itself as a table, as a list of answers does. */
export interface Prediction {
  /** The question, as it was given. */
  readonly question: string;
  /** The model's answer, without padding. Of a model that writes edits it is the text that they make of the question. */
  readonly answer: string;
  /** Product of the probabilities of the answer's characters, padding included, from 0 to 1. */
  readonly probability: number;
  /** Whether the answer comes from the memory. Present if the option `memory` is given. */
  readonly remembered?: boolean;
  /** Of an ensemble: the share of its models that give this answer alone, from 0 to 1. */
  readonly agreement?: number;
  /**
   * Probability of every character at every position, (T_out, V), after the characters of the answer before it. Present if the
   * option `probabilities` is set.
   */
  readonly probabilities?: readonly (readonly number[])[];
  /** The best answers, this one first, at most `nBest`: the search may find fewer. Present if the option `nBest` is given. */
  readonly alternatives?: readonly AnswerText[];
  /** How much the model looked at each symbol of the question. Present if the option `attention` is set. */
  readonly attention?: AnswerAttention;
}

/** How to predict. */
export interface PredictOptions extends Partial<SearchSettings> {
  /** Number of questions computed together, 1 to 65,536. Default: so many that the device takes about 0.1 s for a step. */
  readonly batchSize?: number;
  /** Whether to give also the probability of every character at every position. Default false. */
  readonly probabilities?: boolean;
  /** Whether to give also the attention, which only models with the decoder `attention` have. Default false. */
  readonly attention?: boolean;
  /**
   * What was seen in a training: the answer where a question was seen there. Its probability is then the share of the question's
   * examples that have it, and what describes an answer of the model is left out. Default: the model answers all questions.
   */
  readonly memory?: Memory;
  /** Measures the time between turns of the event loop. Default: the platform's monotonic clock. */
  readonly now?: Clock;
}

const ACTION = "predict";

const RULES: Rules<PredictOptions> = {
  ...SEARCH_RULES,
  batchSize: optional(BATCH_SIZE),
  probabilities: BOOLEAN,
  attention: BOOLEAN,
  memory: optional(MEMORY),
  now: CLOCK,
};

/**
 * Answers questions. A model with attention gives the best answer that a beam search finds, of 5 hypotheses unless `beam` says
 * otherwise; without attention, and with a `beam` of 1, each character of an answer is the most probable one at its position, after those
 * before it.
 *
 * @returns the answers, in the order of the questions
 * @throws {TypeError} if an argument or an option has a wrong type
 * @throws {RangeError} if a question is longer than the model's sources, with its index, an option is out of its range, `nBest` is more
 * than `beam`, or `attention` is set for a model without
 * @throws {SyntaxError} if a question has a character that the model does not know, with the indices of both
 * @throws {Error} if the model was disposed of or was trained meanwhile, or if the device was lost or failed
 * @example
 * ```ts
 * import { characterLayout, chooseDevice, createModel, predict } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * using model = await createModel({
 *   cell: "gru", hiddenSize: 8, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true }),
 * }, { device: await chooseDevice("cpu") });
 * const [prediction] = await predict(model, ["12+34"], { nBest: 3 });
 * assertEquals(prediction!.question, "12+34"); // its answer is a guess: the model has learned nothing yet
 * assertEquals(prediction!.alternatives!.length, 3);
 * ```
 */
export async function predict(
  model: Model,
  questions: readonly string[],
  options: PredictOptions = {},
): Promise<Prediction[]> {
  const resolved = resolveOptions(options, {
    action: ACTION,
    rules: RULES,
    defaults: { probabilities: false, attention: false, now: () => performance.now() },
  });
  const { batchSize, probabilities, attention, now } = resolved;
  const checkUnchanged = watchModel(ACTION, model);
  const search = planSearch(ACTION, model, resolved);
  checkValue(ACTION, "questions", questions, arrayRule("an array of strings"));
  const asked = [...questions];
  asked.forEach((question, i) =>
    checkAsAsked(model, question, `${describeFound(question)} (questions[${i}])`)
  );
  const pause = createPause(now);
  const afterStep = async (): Promise<void> => {
    await pause();
    checkUnchanged();
  };
  const plan = { ...search, probabilities, attention, afterStep };
  const listsAlternatives = resolved.nBest !== undefined;
  const remembered = asked.map((question) =>
    resolved.memory && remember(model, question, { memory: resolved.memory, listsAlternatives })
  );
  const open = asked.filter((_, i) => remembered[i] === undefined);
  const answered: Prediction[] = [];
  await computeRanges({
    ...{ count: open.length, check: checkUnchanged },
    size: batchSize ?? countFoundAtOnce(model, plan),
    compute: (from, to) => findAnswers(model, encodeQuestions(model, open.slice(from, to)), plan),
    take(found, from): void {
      for (const [i, answers] of found.entries()) {
        answered.push({
          ...describe(model, open[from + i]!, answers, listsAlternatives),
          ...(resolved.memory && { remembered: false }),
        });
      }
    },
  }, { now });
  let next = 0;
  const predictions = remembered.map((each) => each ?? answered[next++]!);
  for (const prediction of predictions) showAs(prediction, viewPrediction);
  return showAs(predictions, viewPredictions);
}

/** Answers a question from the memory; undefined if it was not seen. */
function remember(
  model: Model,
  question: string,
  { memory, listsAlternatives }: {
    readonly memory: Memory;
    readonly listsAlternatives: boolean;
  },
): Prediction | undefined {
  const recalled = recallQuestion(model, memory, question);
  if (recalled === undefined) return undefined;
  const found = { answer: recalled.answer, probability: recalled.share };
  return {
    ...{ question, ...found, remembered: true },
    ...(listsAlternatives && { alternatives: [found] }),
  };
}

function describe(
  model: Model,
  question: string,
  found: readonly FoundAnswer[],
  listsAlternatives: boolean,
): Prediction {
  const { target } = model;
  const [best] = found;
  return {
    question,
    ...readAnswer(target, best!, { question, row: 0 }),
    ...(best!.members && {
      agreement: measureAgreement(best!.characters, best!.members, { row: 0, T: target.length }),
    }),
    ...(best!.probabilities && {
      probabilities: readProbabilities(target, best!.probabilities, 0),
    }),
    ...(listsAlternatives && { alternatives: readAlternatives(target, found, question) }),
    ...(best!.attention && {
      attention: showAs(readAttention(model, question, best!), viewAttention),
    }),
  };
}

/** Shows answers in a notebook. */
async function viewPredictions(predictions: readonly Prediction[]): Promise<MediaBundle> {
  return (await import("../notebook/show_predictions.ts")).showPredictions(predictions);
}

function viewPrediction(prediction: Prediction): Promise<MediaBundle> {
  return viewPredictions([prediction]);
}
