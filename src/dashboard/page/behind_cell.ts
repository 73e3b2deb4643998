/** The questions that a cell of "What the model has learned" counts. @module */
import { type LearnedCell, REST_KEY } from "../../evaluation/cell.ts";
import { type CountedGroups, keyOfExample } from "../../evaluation/group_counter.ts";
import type { Example } from "../../problem/example.ts";
import type { Answers } from "../protocol.ts";
import { nameSymbol } from "./format.ts";
import { symbolAt, type Task } from "./task.ts";

/** A cell: a group of questions, a position of the answer, or a target symbol and a predicted one. */
export type CellPick =
  | { readonly kind: "group"; readonly groups: CountedGroups; readonly key: string }
  | { readonly kind: "position"; readonly position: number }
  | { readonly kind: "confusion"; readonly target: string; readonly guess: string };

/** A question and its answer. */
export interface AnsweredQuestion {
  readonly question: string;
  readonly target: string;
  readonly guess: string;
  /** Whether the cell counts it as correct: a position compares only the symbol there. */
  readonly right: boolean;
}

/** Lists the questions that a cell counts, wrong answers first. */
export function questionsBehind(answers: Answers, pick: CellPick, task: Task): AnsweredQuestion[] {
  const wrong: AnsweredQuestion[] = [];
  const rightOnes: AnsweredQuestion[] = [];
  const judge = createJudge(pick, task);
  answers.questions.forEach((question, i) => {
    const [target, guess] = [answers.targets[i]!, answers.guesses[i]!];
    const right = judge({ question, answer: target }, guess);
    if (right === undefined) return;
    (right ? rightOnes : wrong).push({ question, target, guess, right });
  });
  return [...wrong, ...rightOnes];
}

/** Says whether a cell counts an answer as correct; undefined if it does not count it at all. */
type Judge = (example: Example, guess: string) => boolean | undefined;

function createJudge(pick: CellPick, task: Task): Judge {
  if (pick.kind === "group") return judgeGroup(pick, task);
  const { target: codec } = task;
  const symbolsOf = (text: string): (position: number) => string => {
    const symbols = codec.split(text);
    return (position) => symbolAt(symbols, position, codec);
  };
  if (pick.kind === "position") {
    const { position } = pick;
    return ({ answer }, guess) => symbolsOf(answer)(position) === symbolsOf(guess)(position);
  }
  const positions = Array.from({ length: codec.length }, (_, position) => position);
  return ({ answer }, guess) => {
    const [wanted, given] = [symbolsOf(answer), symbolsOf(guess)];
    return positions.some((at) => wanted(at) === pick.target && given(at) === pick.guess)
      ? answer === guess
      : undefined;
  };
}

function judgeGroup(
  { groups: { name, cells }, key }: Extract<CellPick, { readonly kind: "group" }>,
  { problem }: Task,
): Judge {
  const grouping = problem.groupings.find((each) => each.name === name);
  if (grouping === undefined) return () => undefined;
  const listed = new Set(cells.map((cell: LearnedCell) => cell.key));
  return (example, guess) => {
    const own = keyOfExample(grouping, example);
    const belongs = key === REST_KEY ? !listed.has(own) : own === key;
    return belongs ? example.answer === guess : undefined;
  };
}

/** Writes the heading of a cell. */
export function describePick(pick: CellPick): string {
  switch (pick.kind) {
    case "group":
      return describeGroup(pick.groups, pick.key);
    case "position":
      return `Position ${pick.position + 1} of the answer`;
    case "confusion": {
      const [target, guess] = [nameSymbol(pick.target), nameSymbol(pick.guess)];
      return target === guess
        ? `${target} predicted correctly`
        : `${guess} predicted instead of ${target}`;
    }
  }
}

/** Describes a group: `Number of carries: 2`, or `Digits of the first number: 1. Digits of the second number: 3`. */
export function describeGroup(
  { title, grid }: Pick<CountedGroups, "title" | "grid">,
  key: string,
): string {
  const [row, column] = splitGridKey(key);
  return grid === undefined || column === undefined
    ? `${title}: ${key}`
    : `${grid.rows}: ${row}. ${grid.columns}: ${column}`;
}

/** Divides the key of a group in a grid, `row+column`. */
export function splitGridKey(key: string): readonly [string, string | undefined] {
  const at = key.indexOf("+");
  return at < 0 ? [key, undefined] : [key.slice(0, at), key.slice(at + 1)];
}
