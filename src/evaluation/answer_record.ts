/** Records which examples are answered correctly, and how, so that models can be compared example by example. @module */
import type { Example } from "../problem/example.ts";

/** An example and the answer to it. */
export interface RecordedAnswer {
  readonly example: Example;
  /** Whether every symbol of the answer is right. */
  readonly isRight: boolean;
  /** The answer; null if the model cannot be asked the question, or cannot write its correct answer. */
  readonly guess: string | null;
}

/** Called for every answer, in the order of the examples. */
export type ObserveAnswer = (
  readExample: () => Example,
  answer: { readonly isRight: boolean; readonly readGuess: () => string },
) => void;

/** Records answers in the order of the examples that were given. */
export interface AnswerRecorder {
  /** Announces an example that will be asked, as it was given. */
  announce(given: Example): void;
  /** Records an example that cannot be asked. */
  refuse(given: Example): void;
  /** Records the answer to the next announced example; to the example itself if none is announced. */
  readonly observe: ObserveAnswer;
  /** Gives the records. */
  finish(): readonly RecordedAnswer[];
}

/** Makes a recorder. It keeps all examples and answers. */
export function createAnswerRecorder(): AnswerRecorder {
  const records: RecordedAnswer[] = [];
  const announced: number[] = [];
  let next = 0;
  return {
    announce(example): void {
      announced.push(records.length);
      records.push({ example, isRight: false, guess: null });
    },
    refuse: (example) => void records.push({ example, isRight: false, guess: null }),
    observe(readExample, { isRight, readGuess }): void {
      const at = announced[next++];
      if (at === undefined) records.push({ example: readExample(), isRight, guess: readGuess() });
      else records[at] = { example: records[at]!.example, isRight, guess: readGuess() };
    },
    finish: () => records,
  };
}
