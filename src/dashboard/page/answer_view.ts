/// <reference lib="dom" />
/** How an answer, and the questions asked before it, are shown. @module */
import { drawAlternatives, drawAttention } from "./answer_details.ts";
import type { Given } from "./asker.ts";
import { drawMark, drawSymbols } from "./characters.ts";
import { element, find } from "./dom.ts";
import { formatCount, formatShare } from "./format.ts";
import { bestSymbols, drawHeatMap } from "./heat_map.ts";
import { correctAnswer, type Task } from "./task.ts";

/** A question that was asked, of which run, and the answer. */
export interface Asked extends Given {
  readonly name: string;
  /** Number of the run. */
  readonly run: number;
  /** Which run had this number then. */
  readonly identity: string;
  /** What that run learns. */
  readonly task: Task;
}

/** Draws an answer: the equation, the probabilities of its characters, and who gave it. */
export function drawAnswer({ answered, by, fallback, name, task }: Asked): HTMLElement[] {
  const { question, answer, probability, step, note } = answered;
  const correct = correctAnswer(question, task);
  const { symbols, probabilities } = bestSymbols(answered, task);
  const who = by === "server" ? "Answered by the server" : "Answered in this browser";
  const source = `${who}, with the weights of ${name} at step ${formatCount(step)}`;
  return [
    element(
      "p",
      { class: "equation" },
      element("span", { class: "asked" }, writeAsked(question, task)),
      element(
        "span",
        {},
        ...(correct === undefined ? [] : [drawMark(answer === correct)]),
        drawSymbols(symbols, probabilities, task.target.layout.separator),
      ),
      element(
        "span",
        { class: "sure-of", attributes: { title: "Probability of the whole answer" } },
        formatShare(probability),
      ),
    ),
    ...(note === undefined ? [] : [element("p", { class: "hint" }, note)]),
    ...(correct === undefined || correct === answer
      ? []
      : [element("p", { class: "hint" }, `Correct answer: ${correct}`)]),
    ...drawAlternatives(answered),
    element("h3", {}, "Symbol probabilities"),
    drawHeatMap(answered, task),
    ...drawAttention(answered),
    element("p", { class: "hint source", attributes: { "data-by": by } }, source),
    ...(fallback === undefined
      ? []
      : [element("p", { class: "hint" }, `The browser could not run the model: ${fallback}`)]),
  ];
}

/** Writes a question before its answer: `12+34 =`. A tab, which begins features, is visible. */
function writeAsked(question: string, { problem }: Task): string {
  return `${question.replaceAll("\t", " ⇥ ")} ${problem.equals.trim()}`;
}

/** Writes an answer for a screen reader; the heat map would be too much at once. */
export function sayAnswer({ answered, task }: Asked): string {
  const { question, answer, probability } = answered;
  const correct = correctAnswer(question, task);
  const verdict = correct === undefined ? "" : correct === answer ? ", correct" : ", wrong";
  return `${writeAsked(question, task)} ${answer || "nothing"}${verdict}, probability ${
    formatShare(probability)
  }`;
}

/** Lists the questions asked before the last one. @param onPick called with the one that is chosen */
export function drawHistory(history: readonly Asked[], onPick: (asked: Asked) => void): void {
  find("history-block", HTMLElement).hidden = history.length < 2;
  find("history", HTMLOListElement).replaceChildren(
    ...history.slice(1).map((asked) => {
      const { question, answer, probability, step } = asked.answered;
      const correct = correctAnswer(question, asked.task);
      const title = `${asked.name}, step ${formatCount(step)}, by the ${asked.by}`;
      const button = element(
        "button",
        { attributes: { type: "button", title }, onClick: () => onPick(asked) },
        element("span", { class: "asked" }, writeAsked(question, asked.task)),
        ...(correct === undefined ? [] : [drawMark(answer === correct)]),
        element("span", { class: "answer" }, answer || "nothing"),
        element("span", { class: "sure-of" }, formatShare(probability, 1)),
      );
      return element("li", {}, button);
    }),
  );
}
