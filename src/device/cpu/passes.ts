/** What a network on the processor does: it measures, answers and trains. @module */
import type { Network } from "../../network/network.ts";
import type { Decoding } from "../decoding.ts";
import type { AnswerOptions, Answers, Measurement, MeasureRange } from "../executor.ts";
import {
  answerAttention,
  measureAttention,
  type RunnableAttention,
} from "./attention/attention_evaluate.ts";
import { type AttentionForward, createAttentionForward } from "./attention/attention_forward.ts";
import { createAttentionTraining } from "./attention/attention_training.ts";
import { CpuDecoding } from "./attention/cpu_decoding.ts";
import type { CpuExamples } from "./cpu_examples.ts";
import type { Engine } from "./engine.ts";
import { answerSources, measureExamples, type Runnable } from "./evaluate.ts";
import { createForwardPass, type ForwardPass } from "./forward.ts";
import { createTrainingPass, type TrainingPass } from "./training_pass.ts";
import type { Weights } from "./weights.ts";

/** The passes of a network. What is given to them was checked. Buffers are allocated when they are first needed. */
export interface Passes {
  /** Measures a range of examples. */
  measure(examples: CpuExamples, range: MeasureRange): Measurement;
  /** Answers sources. */
  answer(sources: Uint8Array, options: AnswerOptions): Answers;
  /** Allocates the buffers of steps with batches of a size at most. @throws {RangeError} if they do not fit into memory */
  createTraining(examples: number): TrainingPass;
  /** Begins to answer symbol by symbol; only a network with attention does so. @param check throws if the executor cannot be used */
  decode(
    sources: Uint8Array,
    options: { readonly check: () => void; readonly forget: () => void },
  ): Decoding & { readonly disposed: boolean };
}

/** Makes the passes of a network. */
export function createPasses(engine: Engine, network: Network, weights: Weights): Passes {
  if (network.decoder === "attention") {
    let pass: AttentionForward | undefined;
    const runnable = (): RunnableAttention => {
      pass ??= createAttentionForward(engine, network, weights);
      return { engine, network, pass };
    };
    return {
      measure: (examples, range) => measureAttention(runnable(), examples, range),
      answer: (sources, options) => answerAttention(runnable(), sources, options),
      createTraining: (examples) => createAttentionTraining(engine, { network, weights, examples }),
      decode: (sources, options) => new CpuDecoding({ ...runnable(), ...options, sources }),
    };
  }
  let pass: ForwardPass | undefined;
  const runnable = (): Runnable => {
    pass ??= createForwardPass(engine, network, weights);
    return { engine, network, pass };
  };
  return {
    measure: (examples, range) => measureExamples(runnable(), examples, range),
    answer: (sources, options) => answerSources(runnable(), sources, options),
    createTraining: (examples) => createTrainingPass(engine, { network, weights, examples }),
    decode(): never {
      throw new TypeError(
        "Cannot decode symbol by symbol: the network must have the decoder attention",
      );
    },
  };
}
