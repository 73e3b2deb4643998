/** What was seen in a training: the answer to give where a question was seen. @module */
import { recordRule } from "../arguments/record.ts";
import { checkUnknown, checkValue } from "../arguments/resolve_options.ts";
import { isObject, type Rule } from "../arguments/rule.ts";
import { UNKNOWN } from "../codec/layout.ts";
import { ITERABLE } from "../dataset/dataset.ts";
import type { Example } from "../problem/example.ts";
import type { Sliced } from "../time/slices.ts";
import type { Model } from "./model.ts";

/** The most frequent answer to a question. */
export interface Recalled {
  /** The answer; of equally frequent ones, the first that was so frequent. */
  readonly answer: string;
  /** Share of the question's examples that have it, above 0, at most 1. */
  readonly share: number;
}

/** Knows the most frequent answers to questions. */
export interface Memory {
  /** Gives what is known of a question, as it is written in the examples; undefined if it was not seen. */
  recall(question: string): Recalled | undefined;
}

/** Rule for a memory that is given. */
export const MEMORY: Rule<Memory> = {
  must: "a memory, as createMemory() makes",
  findFault: (value) => isObject(value) && typeof value.recall === "function" ? undefined : "type",
};

const ACTION = "remember examples";

const TEXT: Rule<string> = {
  must: "a string",
  findFault: (value) => typeof value === "string" ? undefined : "type",
};
const EXAMPLE: Rule<Example> = recordRule<Example>({ question: TEXT, answer: TEXT }, {
  others: "ignored",
});

/** Number of examples that are remembered in a few milliseconds. */
const EXAMPLES_A_SLICE = 4096;

/** What was seen of a question. */
interface Seen {
  answer: string;
  times: number;
  total: number;
  /** How often each answer was seen, once there are several. */
  counts?: Map<string, number>;
}

/**
 * Remembers the answers of examples, such as those of a training. `predict()` with the option `memory` gives the most frequent answer
 * where a question was seen, and the model's elsewhere.
 *
 * @throws {TypeError} if the examples are no list, or one has no question and answer
 * @example
 * ```ts
 * import { createMemory } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * const seen = ["a", "b", "b", "b"].map((answer) => ({ question: "x", answer }));
 * const memory = createMemory(seen);
 * assertEquals(memory.recall("x"), { answer: "b", share: 0.75 });
 * assertEquals(memory.recall("y"), undefined);
 * ```
 */
export function createMemory(examples: Iterable<Example>): Memory {
  const remembering = rememberExamples(examples);
  for (let step = remembering.next();; step = remembering.next()) {
    if (step.done) return step.value;
  }
}

/** Remembers examples; yields their number. */
export function* rememberExamples(examples: Iterable<Example>): Sliced<Memory> {
  checkValue(ACTION, "the examples", examples, ITERABLE);
  const questions = new Map<string, Seen>();
  let count = 0;
  for (const example of examples) {
    const { question, answer } = checkUnknown(ACTION, `example ${count}`, example, EXAMPLE);
    const seen = questions.get(question);
    if (seen === undefined) questions.set(question, { answer, times: 1, total: 1 });
    else see(seen, answer);
    if (++count % EXAMPLES_A_SLICE === 0) yield count;
  }
  return {
    recall(question): Recalled | undefined {
      const seen = questions.get(question);
      return seen && { answer: seen.answer, share: seen.times / seen.total };
    },
  };
}

function see(seen: Seen, answer: string): void {
  seen.total++;
  if (seen.counts === undefined && answer === seen.answer) {
    seen.times++;
    return;
  }
  seen.counts ??= new Map([[seen.answer, seen.times]]);
  const times = (seen.counts.get(answer) ?? 0) + 1;
  seen.counts.set(answer, times);
  if (times > seen.times) [seen.answer, seen.times] = [answer, times];
}

/**
 * Looks a question up as a model reads it: normalised. A question with a symbol that the model does not know is not looked up,
 * because all such symbols are the same to it.
 */
export function recallQuestion(
  { source }: Pick<Model, "source">,
  memory: Memory,
  question: string,
): Recalled | undefined {
  const indices = new Uint8Array(source.length);
  source.write(question, indices, 0);
  const read = source.read(indices);
  return read.includes(UNKNOWN) ? undefined : memory.recall(read);
}
