/** What a run learns: its problem, and the layout of its answers. @module */
import { createTextCodec, type TextCodec } from "../../codec/text_codec.ts";
import type { Problem } from "../../problem/problem.ts";
import { createProblem } from "../../problem/registry.ts";
import type { RunStart } from "../protocol.ts";

/** The problem of a run, and the codec of its answers. */
export interface Task {
  readonly problem: Problem;
  readonly target: TextCodec;
}

const made = new WeakMap<RunStart, Task>();

/** Gives the task of a run. It is made once. */
export function taskOf(start: RunStart): Task {
  const before = made.get(start);
  if (before !== undefined) return before;
  const task = {
    problem: createProblem(start.problem, start.model),
    target: createTextCodec(start.model.target),
  };
  made.set(start, task);
  return task;
}

/** Gives the symbol at a position of an answer; its padding behind the end, which is `""` if nothing pads. */
export function symbolAt(
  symbols: readonly string[],
  position: number,
  { layout }: TextCodec,
): string {
  return symbols[position] ?? layout.padding ?? "";
}

/** Gives the correct answer of a question; undefined if the problem does not know it. */
export function correctAnswer(question: string, { problem }: Task): string | undefined {
  try {
    return problem.answer?.(question);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // a text that is no question of the problem
    throw error;
  }
}
