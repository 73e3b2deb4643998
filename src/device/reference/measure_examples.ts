/** Measuring and answering, by tfjs's own operations. @module */
import type { Tensor, Tensor2D } from "@tensorflow/tfjs";
import type { Network } from "../../network/network.ts";
import type { AnswerOptions, Answers, Measurement, MeasureRange } from "../executor.ts";
import { dropNothing } from "./attention/drop_values.ts";
import { answerGreedily, type AnswerTensors } from "./attention/run_attention.ts";
import { markCounted } from "./counted_positions.ts";
import { measureBatch } from "./differentiate.ts";
import type { ReferenceExamples } from "./reference_examples.ts";
import { runRepeat } from "./run_repeat.ts";
import type { TfjsBackend } from "./tfjs_backend.ts";
import type { Tfjs } from "./tfjs_webgpu.ts";

/** Measures a range of examples that was checked. Sums are taken on the host, in float64. */
export async function measureExamples(
  { tf, read }: TfjsBackend,
  network: Network,
  parameters: readonly Tensor[],
  examples: ReferenceExamples,
  { from, to, ...wanted }: MeasureRange,
): Promise<Measurement> {
  const rows = Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const [losses, chosen, answers, confidence] = await read(() => {
    const batch = examples.batch(tf, rows);
    const plain = { drop: dropNothing, labelSmoothing: 0 };
    const measured = measureBatch(tf, network, parameters, batch, plain);
    const found = [measured.losses, tf.argMax(measured.logits, -1)];
    if (!wanted.answers && !wanted.confidence) return found;
    const { characters, probabilities } = answerBatch(tf, network, parameters, batch.sources);
    return [...found, characters, tf.max(probabilities, -1)];
  });
  const targets = examples.targetsOf(rows);
  const counted = markCounted(network, targets);
  const right = targets.map((target, i) => Number(counted[i] === 0 || target === chosen![i]));
  const T = network.outputLength;
  return {
    loss: sum(losses!),
    counted: sum(counted),
    characters: right.reduce((total, value, i) => total + value * counted[i]!, 0),
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
  const [chosen, confidence, probabilities] = await read(() => {
    const indices = tf.tensor2d(Int32Array.from(sources), shape, "int32");
    const { characters, probabilities: p } = answerBatch(tf, network, parameters, indices);
    return [characters, tf.max(p, -1), ...(options.probabilities ? [p] : [])];
  });
  return {
    characters: Uint8Array.from(chosen!),
    confidence: confidence!,
    ...(probabilities === undefined ? {} : { probabilities }),
  };
}

/** Answers sources on the device. @param sources indices, int32 (B, T_in) */
function answerBatch(
  tf: Tfjs,
  network: Network,
  parameters: readonly Tensor[],
  sources: Tensor2D,
): AnswerTensors {
  if (network.decoder === "attention") return answerGreedily(tf, network, parameters, sources);
  const logits = runRepeat(tf, network, parameters, sources);
  return { characters: tf.argMax(logits, -1), probabilities: tf.softmax(logits) };
}

function sum(values: Float32Array): number {
  return values.reduce((a, b) => a + b, 0);
}
