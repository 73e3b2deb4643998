/** Measures examples, and answers sources. @module */
import type { RepeatNetwork } from "../../network/network.ts";
import type { AnswerOptions, Answers, Measurement, MeasureRange } from "../executor.ts";
import type { Engine } from "./engine.ts";
import { FORWARD_EXAMPLES, type ForwardPass } from "./forward.ts";
import { type Layout, layOut } from "./layout.ts";
import type { CpuExamples } from "./cpu_examples.ts";

/** A network that is ready to be run forward. */
export interface Runnable {
  readonly engine: Engine;
  readonly network: RepeatNetwork;
  readonly pass: ForwardPass;
}

/** Measures a range of examples, which was checked. */
export function measureExamples(
  { engine, network, pass }: Runnable,
  { sources, targets }: CpuExamples,
  { from, to, ...wanted }: MeasureRange,
): Measurement {
  const T = network.outputLength;
  const answers = new Uint8Array(wanted.answers || wanted.confidence ? (to - from) * T : 0);
  const confidence = new Float32Array(wanted.confidence ? answers.length : 0);
  const room = Math.min(FORWARD_EXAMPLES, to - from);
  const sums = { loss: 0, characters: 0, exactMatches: 0 };
  const layout = layOut([
    ["answers", answers.length > 0 ? room * T : 0],
    ["confidence", confidence.length > 0 ? 4 * room * T : 0],
  ]);
  withBlock(engine, layout, (at) => {
    for (let first = from; first < to; first += FORWARD_EXAMPLES) {
      const examples = Math.min(FORWARD_EXAMPLES, to - first);
      const part = pass.run({
        examples,
        input: { sources, targets, order: 0, first },
        results: { answers: at("answers"), confidence: at("confidence"), probabilities: 0 },
      });
      sums.loss += part.loss;
      sums.characters += part.characters;
      sums.exactMatches += part.exactMatches;
      const place = (first - from) * T;
      if (answers.length > 0) answers.set(engine.bytes(at("answers"), examples * T), place);
      if (confidence.length === 0) continue;
      confidence.set(engine.floats(at("confidence"), examples * T), place);
    }
  });
  return {
    ...{ ...sums, counted: (to - from) * T },
    ...(wanted.answers && { answers }),
    ...(wanted.confidence && { confidence }),
  };
}

/** Answers sources, which were checked. */
export function answerSources(
  { engine, network, pass }: Runnable,
  sources: Uint8Array,
  { probabilities: wanted = false }: AnswerOptions,
): Answers {
  const { inputLength, outputLength: T, targetVocabularySize: V } = network;
  const count = sources.length / inputLength;
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
      const examples = Math.min(FORWARD_EXAMPLES, count - first);
      const given = sources.subarray(first * inputLength, (first + examples) * inputLength);
      engine.bytes(at("sources"), given.length).set(given);
      pass.run({
        examples,
        input: { sources: at("sources"), targets: 0, order: 0, first: 0 },
        results: {
          answers: at("answers"),
          confidence: at("confidence"),
          probabilities: at("probabilities"),
        },
      });
      characters.set(engine.bytes(at("answers"), examples * T), first * T);
      confidence.set(engine.floats(at("confidence"), examples * T), first * T);
      if (!wanted) continue;
      const values = engine.floats(at("probabilities"), examples * T * V);
      probabilities.set(values, first * T * V);
    }
  });
  return { characters, confidence, ...(wanted && { probabilities }) };
}

/** Allocates a block for some work, and frees it after. */
export function withBlock<T>(
  { heap }: Engine,
  layout: Layout,
  use: (at: (name: string) => number) => T,
): T {
  const block = heap.allocate(layout.sizeBytes);
  try {
    return use((name) => layout.at(block, name));
  } finally {
    heap.free(block);
  }
}
