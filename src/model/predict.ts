/** Answers questions with a model. @module */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import {
  arrayRule,
  BOOLEAN,
  describeFound,
  type Fault,
  isObject,
  optional,
} from "../arguments/rule.ts";
import { CODEC_RULE, type TextFault } from "../codec/text_codec.ts";
import { BATCH_SIZE } from "../dataset/batches.ts";
import { CLOCK, type Clock } from "../time/clock.ts";
import { computeRanges } from "../time/ranges.ts";
import { readAnswer, readProbabilities } from "./answer.ts";
import { measureAgreement } from "./combine.ts";
import { watchModel } from "./in_use.ts";
import type { Model } from "./model.ts";

/** An answer of a model, and its probability. */
export interface Prediction {
  /** The question, as it was given. */
  readonly question: string;
  /** The model's answer, without padding. */
  readonly answer: string;
  /** Product of the probabilities of the answer's characters, padding included, from 0 to 1. */
  readonly probability: number;
  /** Of an ensemble: the share of its models that give this answer alone, from 0 to 1. */
  readonly agreement?: number;
  /** Probability of every character at every position, (T_out, V). Present if the option `probabilities` is set. */
  readonly probabilities?: readonly (readonly number[])[];
}

/** How to predict. */
export interface PredictOptions {
  /** Number of questions computed together, 1 to 65,536. Default: so many that the device takes about 0.1 s. */
  readonly batchSize?: number;
  /** Whether to give also the probability of every character at every position. Default false. */
  readonly probabilities?: boolean;
  /** Measures the time between turns of the event loop. Default: the platform's monotonic clock. */
  readonly now?: Clock;
}

const ACTION = "predict";

/** The rule for the model that checks a question. */
const READER = {
  must: "a model, such as createModel() makes",
  findFault: (value: unknown): Fault | undefined =>
    isObject(value) && CODEC_RULE.findFault(value.source) === undefined ? undefined : "type",
};

const RULES: Rules<PredictOptions> = {
  batchSize: optional(BATCH_SIZE),
  probabilities: BOOLEAN,
  now: CLOCK,
};

/**
 * Checks that a model can read a question: it knows every character, and the question is not too long.
 *
 * Use it to select the valid ones of many questions: {@linkcode predict} answers all that it is given, or none.
 *
 * @throws {TypeError} if the question is not a string
 * @throws {RangeError} if the question is longer than the model's sources
 * @throws {SyntaxError} if the question has a character that the model does not know, with its index
 * @example
 * ```ts
 * import { characterLayout, checkQuestion, chooseDevice, createModel } from "@carry/seq2seq";
 * import { assertThrows } from "@std/assert";
 *
 * using model = await createModel({
 *   cell: "gru", hiddenSize: 8, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true }),
 * }, { device: await chooseDevice("cpu") });
 * checkQuestion(model, "12+34");
 * assertThrows(() => checkQuestion(model, "5-3"), SyntaxError, 'index 1 is "-"');
 * ```
 */
export function checkQuestion(model: Pick<Model, "source">, question: string): void {
  checkValue("check a question", "the model", model, READER);
  checkAsAsked(model, question, describeFound(question));
}

/** Checks a question. @param name name of the question in the error */
function checkAsAsked({ source }: Pick<Model, "source">, question: string, name: string): void {
  if (typeof question !== "string") {
    throw new TypeError(
      `Cannot answer ${name}: a question must be a string, but is ${describeFound(question)}`,
    );
  }
  const fault: TextFault | undefined = source.findFault(question);
  if (fault === undefined) return;
  const message = `Cannot answer ${name}: ${fault.reason}`;
  throw fault.kind === "symbol" ? new SyntaxError(message) : new RangeError(message);
}

/**
 * Answers questions. Each character of an answer is the most probable one at its position.
 *
 * @returns the answers, in the order of the questions
 * @throws {TypeError} if an argument or an option has a wrong type
 * @throws {RangeError} if a question is longer than the model's sources, with its index, or an option is out of its range
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
 * const [prediction] = await predict(model, ["12+34"]);
 * assertEquals(prediction!.question, "12+34"); // its answer is a guess: the model has learned nothing yet
 * ```
 */
export async function predict(
  model: Model,
  questions: readonly string[],
  options: PredictOptions = {},
): Promise<Prediction[]> {
  const { batchSize, probabilities, now } = resolveOptions(options, {
    action: ACTION,
    rules: RULES,
    defaults: { probabilities: false, now: () => performance.now() },
  });
  const checkUnchanged = watchModel(ACTION, model);
  checkValue(ACTION, "questions", questions, arrayRule("an array of strings"));
  const asked = [...questions];
  asked.forEach((question, i) =>
    checkAsAsked(model, question, `${describeFound(question)} (questions[${i}])`)
  );
  const { executor, target } = model;
  const predictions: Prediction[] = [];
  await computeRanges({
    ...{ count: asked.length, size: batchSize ?? executor.examplesAtOnce, check: checkUnchanged },
    compute: (from, to) =>
      executor.answer(encodeQuestions(model, asked.slice(from, to)), { probabilities }),
    take(answers, from): void {
      const end = from + answers.characters.length / target.length;
      for (let i = from; i < end; i++) {
        const row = i - from;
        predictions.push({
          question: asked[i]!,
          ...readAnswer(target, answers, row),
          ...(answers.members && {
            agreement: measureAgreement(answers.characters, answers.members, {
              ...{ row, T: target.length },
            }),
          }),
          ...(answers.probabilities && {
            probabilities: readProbabilities(target, answers.probabilities, row),
          }),
        });
      }
    },
  }, { now });
  return predictions;
}

/** Encodes checked questions. @returns indices of the sources, uint8 (N, T_in) */
export function encodeQuestions(
  { source }: Pick<Model, "source">,
  questions: readonly string[],
): Uint8Array {
  const to = new Uint8Array(questions.length * source.length);
  questions.forEach((question, i) => source.write(question, to, i * source.length));
  return to;
}
