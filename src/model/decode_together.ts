/** Several executors on the same sources. @module */
import type { Decoding, NextSymbols } from "../device/decoding.ts";
import type { AnswerOptions, Answers, Executor } from "../device/executor.ts";
import { averageProbabilities } from "./combine.ts";
import { Resources } from "../time/resources.ts";

/** Answers sources with every executor alone. */
export function answerAlone(
  executors: readonly Executor[],
  sources: Uint8Array,
  options: AnswerOptions = {},
): Promise<Answers[]> {
  return Promise.all(executors.map((each) => each.answer(sources, options)));
}

/** Begins to decode sources by the means of several executors' probabilities and attention. */
export function decodeTogether(executors: readonly Executor[], sources: Uint8Array): Decoding {
  using begun = new Resources();
  const decodings = executors.map((each) => begun.use(each.decode(sources)));
  const release = begun.move(); // if one cannot begin, those before it are disposed of
  const [first] = decodings as [Decoding];
  return {
    count: first.count,
    get steps(): number {
      return first.steps;
    },
    async step(chosen): Promise<NextSymbols> {
      const next = await Promise.all(decodings.map((each) => each.step(chosen)));
      return {
        probabilities: averageProbabilities(next.map(({ probabilities }) => probabilities)),
        attention: averageProbabilities(next.map(({ attention }) => attention)),
      };
    },
    [Symbol.dispose]: () => release[Symbol.dispose](),
  };
}
