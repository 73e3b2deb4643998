/** Measures examples, and answers sources, by a network with attention. @module */
import type { AttentionNetwork } from "../../../network/network.ts";
import type { AnswerOptions, Answers, Measurement, MeasureRange } from "../../executor.ts";
import type { CpuExamples } from "../cpu_examples.ts";
import type { Engine } from "../engine.ts";
import { withBlock } from "../evaluate.ts";
import { FORWARD_EXAMPLES } from "../forward.ts";
import { layOut } from "../layout.ts";
import type { AttentionForward } from "./attention_forward.ts";
import { type ExampleSpans, measureSpans } from "./spans.ts";

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

/** Answers sources, which were checked. */
export function answerAttention(
  { engine, network, pass }: RunnableAttention,
  sources: Uint8Array,
  { probabilities: wanted = false }: AnswerOptions,
): Answers {
  const { inputLength, outputLength: T, targetVocabularySize: V, targetPadding } = network;
  const count = sources.length / inputLength, padding = targetPadding ?? 0;
  const characters = new Uint8Array(count * T), confidence = new Float32Array(count * T);
  const probabilities = new Float32Array(wanted ? count * T * V : 0);
  const room = Math.min(FORWARD_EXAMPLES, count);
  const layout = layOut([
    ["sources", room * inputLength],
    ["answers", room * T],
    ["confidence", 4 * room * T],
    ["probabilities", wanted ? 4 * room * T * V : 0],
  ]);
  withBlock(engine, layout, (at) => {
    for (let first = 0; first < count; first += FORWARD_EXAMPLES) {
      const examples = Math.min(FORWARD_EXAMPLES, count - first), symbols = examples * T;
      const given = sources.subarray(first * inputLength, (first + examples) * inputLength);
      engine.bytes(at("sources"), given.length).set(given);
      engine.bytes(at("answers"), symbols).fill(padding);
      engine.floats(at("confidence"), symbols).fill(1);
      if (wanted) fillPadding(engine.floats(at("probabilities"), symbols * V), V, padding);
      const spans: ExampleSpans = measureSpans(network, given);
      pass.answer({
        ...{ examples, spans, input: { sources: at("sources"), targets: 0, order: 0, first: 0 } },
        results: {
          ...{ answers: at("answers"), confidence: at("confidence") },
          probabilities: at("probabilities"),
        },
      });
      characters.set(engine.bytes(at("answers"), symbols), first * T);
      confidence.set(engine.floats(at("confidence"), symbols), first * T);
      if (!wanted) continue;
      probabilities.set(engine.floats(at("probabilities"), symbols * V), first * T * V);
    }
  });
  return { characters, confidence, ...(wanted && { probabilities }) };
}

/** Makes the padding certain everywhere. */
function fillPadding(probabilities: Float32Array, classes: number, padding: number): void {
  probabilities.fill(0);
  for (let i = padding; i < probabilities.length; i += classes) probabilities[i] = 1;
}
