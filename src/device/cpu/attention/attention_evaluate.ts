/** Measures examples, and answers sources, by a network with attention. @module */
import type { AttentionNetwork } from "../../../network/network.ts";
import type { AnswerOptions, Answers, Measurement, MeasureRange } from "../../executor.ts";
import type { CpuExamples } from "../cpu_examples.ts";
import type { Engine } from "../engine.ts";
import { answerInParts } from "../answer_parts.ts";
import { FORWARD_EXAMPLES } from "../forward.ts";
import type { AttentionForward } from "./attention_forward.ts";
import { measureSpans } from "./spans.ts";

/** A network that is ready to be run forward. */
export interface RunnableAttention {
  readonly engine: Engine;
  readonly network: AttentionNetwork;
  readonly pass: AttentionForward;
}

/** No result but the sums. */
const NO_RESULTS = { answers: 0, confidence: 0, probabilities: 0 };

/** Measures a range of examples, which was checked. */
export function measureAttention(
  runnable: RunnableAttention,
  { sources, targets, spans }: CpuExamples,
  { from, to, answers, confidence: isConfidence = false }: MeasureRange,
): Measurement {
  const { engine, network, pass } = runnable;
  if (spans === undefined) throw new TypeError("Cannot measure: the examples must have spans");
  const sums = { loss: 0, counted: 0, characters: 0, exactMatches: 0 };
  for (let first = from; first < to; first += FORWARD_EXAMPLES) {
    const examples = Math.min(FORWARD_EXAMPLES, to - first);
    const part = pass.measure({
      ...{ examples, spans, results: NO_RESULTS },
      input: { sources, targets, order: 0, first },
    });
    sums.loss += part.loss;
    sums.counted += part.counted;
    sums.characters += part.characters;
    sums.exactMatches += part.exactMatches;
  }
  if (!answers && !isConfidence) return sums;
  const { inputLength } = network;
  const held = engine.bytes(sources + from * inputLength, (to - from) * inputLength).slice();
  const { characters, confidence } = answerAttention(runnable, held, {});
  return { ...sums, ...(answers && { answers: characters }), ...(isConfidence && { confidence }) };
}

/** Answers sources, which were checked. What follows the end of an answer is padding, and certain. */
export function answerAttention(
  { engine, network, pass }: RunnableAttention,
  sources: Uint8Array,
  options: AnswerOptions,
): Answers {
  const { outputLength, targetVocabularySize: V } = network;
  const padding = network.targetPadding ?? 0;
  return answerInParts(engine, network, { sources, options }, ({ examples, given, at }) => {
    const symbols = examples * outputLength;
    engine.bytes(at("answers"), symbols).fill(padding);
    engine.floats(at("confidence"), symbols).fill(1);
    if (options.probabilities) {
      fillPadding(engine.floats(at("probabilities"), symbols * V), V, padding);
    }
    pass.answer({
      ...{ examples, spans: measureSpans(network, given) },
      input: { sources: at("sources"), targets: 0, order: 0, first: 0 },
      results: {
        answers: at("answers"),
        confidence: at("confidence"),
        probabilities: at("probabilities"),
      },
    });
  });
}

/** Makes the padding certain everywhere. */
function fillPadding(probabilities: Float32Array, classes: number, padding: number): void {
  probabilities.fill(0);
  for (let i = padding; i < probabilities.length; i += classes) probabilities[i] = 1;
}
