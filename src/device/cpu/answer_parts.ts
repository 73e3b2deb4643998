/** Answering many sources, some at a time, through a block of the kernels' memory. @module */
import type { Network } from "../../network/network.ts";
import type { AnswerOptions, Answers } from "../executor.ts";
import type { Engine } from "./engine.ts";
import { FORWARD_EXAMPLES } from "./forward.ts";
import { type Layout, layOut } from "./layout.ts";

/** Some sources in a block. */
export interface AnswerPart {
  readonly examples: number;
  /** Their indices, uint8 (examples, T_in). */
  readonly given: Uint8Array;
  /** Gives the address of `sources`, `answers`, `confidence` or `probabilities`; 0: not wanted. */
  at(name: string): number;
}

/**
 * Answers sources, which were checked.
 *
 * @param answer writes the results of a part to its block
 */
export function answerInParts(
  engine: Engine,
  { inputLength, outputLength: T, targetVocabularySize: V }: Network,
  { sources, options: { probabilities: wanted = false } }: {
    readonly sources: Uint8Array;
    readonly options: AnswerOptions;
  },
  answer: (part: AnswerPart) => void,
): Answers {
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
      answer({ examples, given, at });
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
