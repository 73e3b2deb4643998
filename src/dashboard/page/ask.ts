/// <reference lib="dom" />
/** A box for a question, the answer, and what was asked before. @module */
import type { Answered } from "../protocol.ts";
import type { Asker, Given } from "./asker.ts";
import { drawCharacters, drawMark } from "./characters.ts";
import { correctAnswer } from "./correct_answer.ts";
import { element, find, setText } from "./dom.ts";
import { formatCount, formatShare } from "./format.ts";
import { drawHeatMap } from "./heat_map.ts";
import type { RunView } from "./state.ts";

/** Questions that are remembered. */
const HISTORY = 12;

/** A question that was asked, to whom, and what came. */
interface Asked extends Given {
  readonly name: string;
}

/** Makes the form work. @param readShown gives the run that is asked */
export function startAsk(asker: Asker, readShown: () => RunView | undefined): void {
  const input = find("question", HTMLInputElement);
  const form = find("ask", HTMLFormElement);
  const host = find("answer", HTMLElement);
  const history: Asked[] = [];
  let asking = 0;

  async function ask(question: string): Promise<void> {
    const shown = readShown();
    const mine = ++asking;
    form.setAttribute("aria-busy", "true");
    try {
      if (shown === undefined) throw new Error("Cannot ask: no run is known yet");
      const given = await asker.ask(shown, question);
      if (mine !== asking) return;
      const asked = { ...given, name: shown.name };
      setText(find("ask-error", HTMLElement), "");
      host.replaceChildren(...drawAnswer(asked));
      setText(find("answer-said", HTMLElement), sayAnswer(asked.answered));
      history.unshift(asked);
      history.length = Math.min(history.length, HISTORY);
      drawHistory(history, (again) => host.replaceChildren(...drawAnswer(again)));
    } catch (error) {
      if (mine !== asking) return;
      const message = error instanceof Error ? error.message : String(error);
      setText(find("ask-error", HTMLElement), message);
    } finally {
      if (mine === asking) form.removeAttribute("aria-busy");
    }
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = input.value.trim();
    if (question === "") {
      setText(
        find("ask-error", HTMLElement),
        "Cannot ask: the box is empty; a question is, for example, 12+34",
      );
      return;
    }
    input.select();
    void ask(question);
  });
}

function drawAnswer({ answered, by, fallback, name }: Asked): HTMLElement[] {
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
        { class: "sure-of", attributes: { title: "Product of the characters' probabilities" } },
        formatShare(probability),
      ),
    ),
    ...(correct === undefined || correct === answer
      ? []
      : [element("p", { class: "hint" }, `Right is ${correct}.`)]),
    drawHeatMap(answered),
    element("p", { class: "hint source", attributes: { "data-by": by } }, source),
    ...(fallback === undefined
      ? []
      : [element("p", { class: "hint" }, `The browser could not: ${fallback}`)]),
  ];
}

/** The answer for who hears the page; the heat map would be too much at once. */
function sayAnswer({ question, answer, probability }: Answered): string {
  const correct = correctAnswer(question);
  const verdict = correct === undefined ? "" : correct === answer ? ", right" : ", wrong";
  return `${question} = ${answer || "nothing"}${verdict}, ${formatShare(probability)} sure`;
}

function bestProbabilities({ probabilities }: Answered): number[] {
  return probabilities.map((column) => Math.max(...column));
}

function drawHistory(history: readonly Asked[], onPick: (asked: Asked) => void): void {
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
