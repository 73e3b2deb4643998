/** Questions in, answers out. @module */
import * as tf from "@tensorflow/tfjs";
import { formatQuestion } from "../problem/question.ts";
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
}

/** How to predict. */
export interface PredictOptions {
  /** Questions computed together. Default 256. */
  readonly batchSize?: number;
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
  const { batchSize = 256 } = options;
  const { inputLength, reverse } = model.config;
  const sources = questions.map((question) =>
    model.table.encodeIndices(
      formatQuestion(question, { length: inputLength, reverse }),
      inputLength,
    )
  );
  const predictions: Prediction[] = [];
  for (let start = 0; start < sources.length; start += batchSize) {
    const answers = await answerBatch(model, sources.slice(start, start + batchSize));
    answers.forEach((answer, i) =>
      predictions.push({ question: questions[start + i]!, ...answer })
    );
  }
  return predictions;
}

async function answerBatch(
  model: Model,
  sources: readonly Uint8Array[],
): Promise<Omit<Prediction, "question">[]> {
  const { inputLength, outputLength } = model.config;
  const flat = Int32Array.from(sources.flatMap((source) => [...source]));
  const probabilities = tf.tidy(() =>
    tf.softmax(
      forward(
        model.config,
        variablesOf(model),
        tf.tensor2d(flat, [sources.length, inputLength], "int32"),
      ),
    )
  );
  const values = await probabilities.data() as Float32Array;
  probabilities.dispose();
  const size = outputLength * model.table.size;
  return sources.map((_, i) => {
    const rows = values.subarray(i * size, (i + 1) * size);
    return {
      answer: model.table.decode(rows).trimEnd(),
      probability: greedyProbability(rows, model.table.size),
    };
  });
}

/** Product over the rows of their largest probability. */
function greedyProbability(rows: Float32Array, columns: number): number {
  let product = 1;
  for (let start = 0; start < rows.length; start += columns) {
    product *= Math.max(...rows.subarray(start, start + columns));
  }
  return product;
}
