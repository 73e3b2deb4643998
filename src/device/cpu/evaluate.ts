/** Measures examples, and answers sources. @module */
import type { RepeatNetwork } from "../../network/network.ts";
import type { AnswerOptions, Answers, Measurement, MeasureRange } from "../executor.ts";
import type { Engine } from "./engine.ts";
import { FORWARD_EXAMPLES, type ForwardPass } from "./forward.ts";
import { answerInParts, withBlock } from "./answer_parts.ts";
import { layOut } from "./layout.ts";
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
  options: AnswerOptions,
): Answers {
  return answerInParts(engine, network, { sources, options }, ({ examples, at }) => {
    pass.run({
      examples,
      input: { sources: at("sources"), targets: 0, order: 0, first: 0 },
      results: {
        answers: at("answers"),
        confidence: at("confidence"),
        probabilities: at("probabilities"),
      },
    });
  });
}
