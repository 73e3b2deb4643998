/** A model's answers to examples on its device, with their loss. @module */
import type { Dataset } from "../dataset/dataset.ts";
import type { HeldExamples } from "../device/executor.ts";
import { type Answerer, countFoundAtOnce, findAnswers } from "../model/find_answers.ts";
import type { Model } from "../model/model.ts";
import type { SearchSettings } from "../model/search_settings.ts";
import { createPause } from "../time/pause.ts";
import type { TurnOptions } from "../time/slices.ts";
import type { AnsweredExamples } from "./tally.ts";

/** What a tally needs of the device. */
export type MeasuredAnswers = Pick<
  AnsweredExamples,
  "loss" | "counted" | "answers" | "confidence" | "members"
>;

/** Measures and answers examples. */
export interface ExampleAnswerer {
  /** Number of examples that it should get at once. */
  readonly examplesAtOnce: number;
  /**
   * Gives the answers to some of the held examples, and the loss of the correct ones.
   *
   * @param part the same examples on the host
   */
  answer(held: HeldExamples, part: Dataset, range: Range): Promise<MeasuredAnswers>;
}

/** Rows, from the first to the one before the last. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Makes an answerer. With a beam, answers come from a search; the loss is the same without. */
export function createExampleAnswerer(
  model: Answerer & Pick<Model, "target">,
  search: SearchSettings,
  { check, signal, now = () => performance.now() }: TurnOptions & { readonly check: () => void },
): ExampleAnswerer {
  const { executor, target } = model;
  if (search.beam === 1) {
    return {
      examplesAtOnce: executor.examplesAtOnce,
      async answer(held, _part, range): Promise<MeasuredAnswers> {
        const measured = await executor.measure(held, {
          ...range,
          answers: true,
          confidence: true,
        });
        const { loss, counted, answers, confidence, members } = measured;
        return {
          loss,
          counted,
          answers: answers!,
          confidence: confidence!,
          ...(members && { members }),
        };
      },
    };
  }
  const pause = createPause(now);
  const plan = {
    ...search,
    ...{ nBest: 1, probabilities: false, attention: false },
    async afterStep(): Promise<void> {
      await pause();
      signal?.throwIfAborted();
      check();
    },
  };
  return {
    examplesAtOnce: countFoundAtOnce(model, search),
    async answer(held, { source, sources }, { from, to }): Promise<MeasuredAnswers> {
      const { loss, counted } = await executor.measure(held, { from, to, answers: false });
      const found = await findAnswers(
        model,
        sources.subarray(from * source.length, to * source.length),
        plan,
      );
      const answers = new Uint8Array((to - from) * target.length);
      const confidence = new Float32Array(answers.length);
      const members = model.models?.map(() => new Uint8Array(answers.length));
      for (const [i, [best]] of found.entries()) {
        answers.set(best!.characters, i * target.length);
        confidence.set(best!.confidence, i * target.length);
        members?.forEach((own, m) => own.set(best!.members![m]!, i * target.length));
      }
      return { loss, counted, answers, confidence, ...(members && { members }) };
    },
  };
}
