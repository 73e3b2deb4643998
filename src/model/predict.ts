/** Questions in, answers out. @module */
import * as tf from "@tensorflow/tfjs";
import { type Clock, createPause } from "../time/pause.ts";
import { formatQuestion } from "../problem/question.ts";
import { readAnswer, softmaxRows } from "./answer.ts";
import { forward, variablesOf } from "./forward.ts";
import type { Model } from "./model.ts";

/** An answer and how sure the model is of it. */
export interface Prediction {
  /** The question as it was asked. */
  readonly question: string;
  /** What the model answers, without padding. */
  readonly answer: string;
  /** Product of the probabilities of the answer's characters, padding included. */
  readonly probability: number;
  /** Where asked for: probability of every character, V, at every position, T_out. */
  readonly probabilities?: readonly (readonly number[])[];
}

/** How to predict. */
export interface PredictOptions {
  /** Questions computed together. Default 256. */
  readonly batchSize?: number;
  /** Whether to give the probability of every character at every position as well. Default false. */
  readonly probabilities?: boolean;
  /** Default: the platform's monotonic clock. */
  readonly now?: Clock;
}

/**
 * Answers questions; each character is the most probable one at its position.
 *
 * @throws {RangeError} if a question is longer than the model's sources
 * @throws {SyntaxError} if a question has a character that the model does not know
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
  const { batchSize = 256, probabilities = false, now = () => performance.now() } = options;
  const layout = { length: model.config.inputLength, reverse: model.config.reverse };
  const sources = questions.map((question) =>
    model.table.encodeIndices(formatQuestion(question, layout), layout.length)
  );
  const pause = createPause(now);
  const predictions: Prediction[] = [];
  for (let start = 0; start < sources.length; start += batchSize) {
    const batch = sources.slice(start, start + batchSize);
    const logits = await computeLogits(model, batch);
    const size = logits.length / batch.length;
    batch.forEach((_, i) => {
      const rows = logits.subarray(i * size, (i + 1) * size);
      predictions.push({
        question: questions[start + i]!,
        ...readAnswer(model.table, rows),
        ...(probabilities && { probabilities: softmaxRows(rows, model.table.size) }),
      });
    });
    await pause();
  }
  return predictions;
}

/** Runs the model: float32 (B, T_out, V), row-major. */
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
