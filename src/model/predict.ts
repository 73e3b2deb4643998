/** Answers questions with a model. @module */
import * as tf from "@tensorflow/tfjs";
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { arrayRule, BOOLEAN, describeFound, type Fault, isObject } from "../arguments/rule.ts";
import { describeUnknown, TABLE_RULE } from "../codec/character_table.ts";
import { BATCH_SIZE } from "../dataset/batches.ts";
import { CLOCK, type Clock } from "../time/clock.ts";
import { createPause } from "../time/pause.ts";
import { layOutQuestion } from "../problem/question.ts";
import { readAnswer, softmaxRows } from "./answer.ts";
import { forward, variablesOf } from "./forward.ts";
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
  /** Probability of every character at every position, (T_out, V). Present if the option `probabilities` is set. */
  readonly probabilities?: readonly (readonly number[])[];
}

/** How to predict. */
export interface PredictOptions {
  /** Number of questions computed together, 1 to 65,536. Default 256. */
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
    isObject(value) && isObject(value.config) && TABLE_RULE.findFault(value.table) === undefined
      ? undefined
      : "type",
};

const RULES: Rules<PredictOptions> = {
  batchSize: BATCH_SIZE,
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
 * import { ADDITION_CHARACTERS, checkQuestion, createModel, selectBackend } from "@carry/seq2seq";
 * import { assertThrows } from "@std/assert";
 *
 * await selectBackend("cpu");
 * using model = await createModel({
 *   cell: "gru", hiddenSize: 8, layers: 1, inputLength: 5, outputLength: 3,
 *   characters: ADDITION_CHARACTERS, reverse: true,
 * });
 * checkQuestion(model, "12+34");
 * assertThrows(() => checkQuestion(model, "5-3"), SyntaxError, 'index 1 is "-"');
 * ```
 */
export function checkQuestion(model: Pick<Model, "config" | "table">, question: string): void {
  checkValue("check a question", "the model", model, READER);
  checkAsAsked(model, question, describeFound(question));
}

/** Checks a question. @param name name of the question in the error */
function checkAsAsked(
  { config, table }: Pick<Model, "config" | "table">,
  question: string,
  name: string,
): void {
  if (typeof question !== "string") {
    throw new TypeError(
      `Cannot answer ${name}: a question must be a string, but is ${describeFound(question)}`,
    );
  }
  const characters = Array.from(question);
  const unknown = characters.findIndex((character) => !table.characters.includes(character));
  if (unknown >= 0) {
    throw new SyntaxError(
      `Cannot answer ${name}: ${describeUnknown(characters, unknown, table.characters)}`,
    );
  }
  const { inputLength } = config;
  const { length } = characters;
  const isPadded = table.characters.includes(" ");
  if (length <= inputLength && (isPadded || length === inputLength)) return;
  throw new RangeError(
    `Cannot answer ${name}: a question has ${
      isPadded ? "at most " : ""
    }${inputLength} characters, but this one has ${length}`,
  );
}

/**
 * Answers questions. Each character of an answer is the most probable one at its position.
 *
 * @returns the answers, in the order of the questions
 * @throws {TypeError} if an argument or an option has a wrong type
 * @throws {RangeError} if a question is longer than the model's sources, with its index, or an option is out of its range
 * @throws {SyntaxError} if a question has a character that the model does not know, with the indices of both
 * @throws {Error} if the model was disposed of, is on a backend that is not in use, or was trained meanwhile
 * @example
 * ```ts
 * import { ADDITION_CHARACTERS, createModel, predict, selectBackend } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * await selectBackend("cpu");
 * using model = await createModel({
 *   cell: "gru", hiddenSize: 8, layers: 1, inputLength: 5, outputLength: 3,
 *   characters: ADDITION_CHARACTERS, reverse: true,
 * });
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
    defaults: { batchSize: 256, probabilities: false, now: () => performance.now() },
  });
  const checkUnchanged = watchModel(ACTION, model);
  checkValue(ACTION, "questions", questions, arrayRule("an array of strings"));
  const asked = [...questions];
  asked.forEach((question, i) =>
    checkAsAsked(model, question, `${describeFound(question)} (questions[${i}])`)
  );
  const layout = { length: model.config.inputLength, reverse: model.config.reverse };
  const pause = createPause(now);
  const predictions: Prediction[] = [];
  for (let start = 0; start < asked.length; start += batchSize) {
    checkUnchanged();
    const batch = asked.slice(start, start + batchSize);
    const logits = await computeLogits(
      model,
      batch.map((question) =>
        model.table.encodeIndices(layOutQuestion(question, layout), layout.length)
      ),
    );
    const size = logits.length / batch.length;
    batch.forEach((question, i) => {
      const rows = logits.subarray(i * size, (i + 1) * size);
      predictions.push({
        question,
        ...readAnswer(model.table, rows),
        ...(probabilities && { probabilities: softmaxRows(rows, model.table.size) }),
      });
    });
    await pause();
  }
  return predictions;
}

/** Runs the model. @returns logits, float32 (B, T_out, V), row-major */
async function computeLogits(model: Model, sources: readonly Uint8Array[]): Promise<Float32Array> {
  const { config } = model;
  const indices = new Int32Array(sources.length * config.inputLength);
  sources.forEach((source, i) => indices.set(source, i * config.inputLength));
  const logits = tf.tidy(() => {
    const batch = tf.tensor2d(indices, [sources.length, config.inputLength], "int32");
    return forward(config, variablesOf(model), batch);
  });
  const values = await logits.data();
  logits.dispose();
  return values as Float32Array;
}
