/** The questions behind a cell of what was learned. @module */
import { countCarries, operandLengths } from "../../problem/addition_features.ts";
import type { Answers } from "../protocol.ts";

/** A cell: additions with so many carries, with numbers so long, a position, or one character answered for another. */
export type CellPick =
  | { readonly kind: "carries"; readonly key: string }
  | { readonly kind: "lengths"; readonly key: string }
  | { readonly kind: "position"; readonly position: number }
  | { readonly kind: "confusion"; readonly target: string; readonly guess: string };

/** A question and how it was answered. */
export interface AnsweredQuestion {
  readonly question: string;
  readonly target: string;
  readonly guess: string;
  /** Whether it is right, as the cell counts: at a position only the character there. */
  readonly right: boolean;
}

/**
 * Lists the questions behind a cell, wrong ones first, else in their order.
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

/** Names a cell for a heading. */
export function describePick(pick: CellPick): string {
  switch (pick.kind) {
    case "carries":
      return pick.key === "1" ? "Sums with 1 carry" : `Sums with ${pick.key} carries`;
    case "lengths":
      return `Sums of ${pick.key.split("+").map((n) => `${n}`).join(" and ")} digits`;
    case "position":
      return `Position ${pick.position + 1} of the answer`;
    case "confusion": {
      const [target, guess] = [pick.target, pick.guess].map((c) => c === " " ? "space" : c);
      return target === guess
        ? `“${target}” answered right`
        : `“${guess}” where “${target}” is right`;
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
