/** The questions that a cell of "What the model has learned" counts. @module */
import { countCarries, operandLengths } from "../../problem/addition_features.ts";
import type { Answers } from "../protocol.ts";

/** A cell: a number of carries, the lengths of the two numbers, a position of the answer, or a target and a predicted character. */
export type CellPick =
  | { readonly kind: "carries"; readonly key: string }
  | { readonly kind: "lengths"; readonly key: string }
  | { readonly kind: "position"; readonly position: number }
  | { readonly kind: "confusion"; readonly target: string; readonly guess: string };

/** A question and its answer. */
export interface AnsweredQuestion {
  readonly question: string;
  readonly target: string;
  readonly guess: string;
  /** Whether the cell counts it as correct: a position compares only the character there. */
  readonly right: boolean;
}

/**
 * Lists the questions that a cell counts, wrong answers first.
 *
 * @param outputLength characters of an answer with its padding, T_out
 */
export function questionsBehind(
  answers: Answers,
  pick: CellPick,
  outputLength: number,
): AnsweredQuestion[] {
  const wrong: AnsweredQuestion[] = [];
  const rightOnes: AnsweredQuestion[] = [];
  answers.questions.forEach((question, i) => {
    const [target, guess] = [answers.targets[i]!, answers.guesses[i]!];
    if (!belongs(question, target.padEnd(outputLength), guess.padEnd(outputLength), pick)) return;
    const right = pick.kind === "position"
      ? characterAt(target, pick.position) === characterAt(guess, pick.position)
      : target === guess;
    (right ? rightOnes : wrong).push({ question, target, guess, right });
  });
  return [...wrong, ...rightOnes];
}

/** Writes the heading of a cell. */
export function describePick(pick: CellPick): string {
  switch (pick.kind) {
    case "carries":
      return pick.key === "1" ? "Additions with 1 carry" : `Additions with ${pick.key} carries`;
    case "lengths":
      return pick.key.split("+").map((digits) => `${digits}-digit number`).join(" + ");
    case "position":
      return `Position ${pick.position + 1} of the answer`;
    case "confusion": {
      const [target, guess] = [pick.target, pick.guess].map((c) => c === " " ? "space" : c);
      return target === guess
        ? `“${target}” predicted correctly`
        : `“${guess}” predicted instead of “${target}”`;
    }
  }
}

function belongs(question: string, target: string, guess: string, pick: CellPick): boolean {
  switch (pick.kind) {
    case "carries":
      return String(countCarries(question)) === pick.key;
    case "lengths":
      return operandLengths(question) === pick.key;
    case "position":
      return true;
    case "confusion": {
      const guesses = Array.from(guess);
      return Array.from(target).some((c, i) => c === pick.target && guesses[i] === pick.guess);
    }
  }
}

function characterAt(text: string, position: number): string {
  return text[position] ?? " ";
}
