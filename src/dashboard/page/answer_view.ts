/// <reference lib="dom" />
/** How an answer, and the questions asked before it, are shown. @module */
import type { Answered } from "../protocol.ts";
import type { Given } from "./asker.ts";
import { drawCharacters, drawMark } from "./characters.ts";
import { correctAnswer } from "./correct_answer.ts";
import { element, find } from "./dom.ts";
import { formatCount, formatShare } from "./format.ts";
import { drawHeatMap } from "./heat_map.ts";

/** A question that was asked, of which run, and the answer. */
export interface Asked extends Given {
  readonly name: string;
  /** Number of the run. */
  readonly run: number;
  /** Which run had this number then. */
  readonly identity: string;
}

/** Draws an answer: the equation, the probabilities of its characters, and who gave it. */
export function drawAnswer({ answered, by, fallback, name }: Asked): HTMLElement[] {
  const { question, answer, probability, step } = answered;
  const correct = correctAnswer(question);
  const who = by === "server" ? "Answered by the server" : "Answered in this browser";
  const source = `${who}, with the weights of ${name} at step ${formatCount(step)}`;
  return [
    element(
      "p",
      { class: "equation" },
      element("span", { class: "asked" }, `${question} =`),
      element(
        "span",
        {},
        ...(correct === undefined ? [] : [drawMark(answer === correct)]),
        drawCharacters(answer, bestProbabilities(answered)),
      ),
      element(
        "span",
        { class: "sure-of", attributes: { title: "Probability of the whole answer" } },
        formatShare(probability),
      ),
    ),
    ...(correct === undefined || correct === answer
      ? []
      : [element("p", { class: "hint" }, `Correct answer: ${correct}`)]),
    drawHeatMap(answered),
    element("p", { class: "hint source", attributes: { "data-by": by } }, source),
    ...(fallback === undefined
      ? []
      : [element("p", { class: "hint" }, `The browser could not run the model: ${fallback}`)]),
  ];
}

/** Writes an answer for a screen reader; the heat map would be too much at once. */
export function sayAnswer({ question, answer, probability }: Answered): string {
  const correct = correctAnswer(question);
  const verdict = correct === undefined ? "" : correct === answer ? ", correct" : ", wrong";
  return `${question} = ${answer || "nothing"}${verdict}, probability ${formatShare(probability)}`;
}

function bestProbabilities({ probabilities }: Answered): number[] {
  return probabilities.map((column) => Math.max(...column));
}

/** Lists the questions asked before the last one. @param onPick called with the one that is chosen */
export function drawHistory(history: readonly Asked[], onPick: (asked: Asked) => void): void {
  find("history-block", HTMLElement).hidden = history.length < 2;
  find("history", HTMLOListElement).replaceChildren(
    ...history.slice(1).map((asked) => {
      const { question, answer, probability, step } = asked.answered;
      const correct = correctAnswer(question);
      const title = `${asked.name}, step ${formatCount(step)}, by the ${asked.by}`;
      const button = element(
        "button",
        { attributes: { type: "button", title }, onClick: () => onPick(asked) },
        element("span", { class: "asked" }, `${question} =`),
        ...(correct === undefined ? [] : [drawMark(answer === correct)]),
        element("span", { class: "answer" }, answer || "nothing"),
        element("span", { class: "sure-of" }, formatShare(probability, 1)),
      );
      return element("li", {}, button);
    }),
  );
}
