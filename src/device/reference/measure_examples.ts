/** Measuring and answering, by tfjs's own operations. @module */
import type { Tensor } from "@tensorflow/tfjs";
import type { Network } from "../../network/network.ts";
import type { AnswerOptions, Answers, Measurement, MeasureRange } from "../executor.ts";
import { measureBatch } from "./differentiate.ts";
import { runNetwork } from "./forward.ts";
import type { ReferenceExamples } from "./reference_examples.ts";
import type { TfjsBackend } from "./tfjs_backend.ts";

/** Measures a range of examples that was checked. Sums are taken on the host, in float64. */
export async function measureExamples(
  { tf, read }: TfjsBackend,
  network: Network,
  parameters: readonly Tensor[],
  examples: ReferenceExamples,
  { from, to, ...wanted }: MeasureRange,
): Promise<Measurement> {
  const rows = Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const [losses, answers, confidence] = await read(() => {
    const measured = measureBatch(tf, network, parameters, examples.batch(tf, rows));
    const found = [measured.losses, tf.argMax(measured.logits, -1)];
    return wanted.confidence ? [...found, tf.max(tf.softmax(measured.logits), -1)] : found;
  });
  const right = examples.targetsOf(rows).map((target, i) => Number(target === answers![i]));
  const T = network.outputLength;
  return {
    loss: losses!.reduce((a, b) => a + b, 0),
    counted: rows.length * T,
    characters: right.reduce((a, b) => a + b, 0),
    exactMatches: rows.filter((_, i) => !right.subarray(i * T, (i + 1) * T).includes(0)).length,
    ...(wanted.answers && { answers: Uint8Array.from(answers!) }),
    ...(wanted.confidence && { confidence: confidence! }),
  };
}

/** Answers sources that were checked. */
export async function answerSources(
  { tf, read }: TfjsBackend,
  network: Network,
  parameters: readonly Tensor[],
  sources: Uint8Array,
  options: AnswerOptions,
): Promise<Answers> {
  const shape: [number, number] = [sources.length / network.inputLength, network.inputLength];
  const [characters, confidence, probabilities] = await read(() => {
    const indices = tf.tensor2d(Int32Array.from(sources), shape, "int32");
    const logits = runNetwork(tf, network, parameters, indices);
    const p = tf.softmax(logits);
    return [tf.argMax(logits, -1), tf.max(p, -1), ...(options.probabilities ? [p] : [])];
  });
  return {
    characters: Uint8Array.from(characters!),
    confidence: confidence!,
    ...(probabilities === undefined ? {} : { probabilities }),
  };
}
