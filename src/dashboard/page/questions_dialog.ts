/// <reference lib="dom" />
/** The questions behind a cell, wrong ones first. @module */
import type { Answers } from "../protocol.ts";
import {
  type AnsweredQuestion,
  type CellPick,
  describePick,
  questionsBehind,
} from "./behind_cell.ts";
import { drawMark } from "./characters.ts";
import { element, find, setText } from "./dom.ts";
import { formatCount } from "./format.ts";
import type { RunView } from "./state.ts";

/** Gives the answers of a run's newest weights. */
export type ReadAnswers = (run: RunView) => Promise<Answers>;

/** Rows shown at once. */
const PAGE = 200;

/** Opens the dialog with the questions of a cell. */
export async function showQuestions(
  run: RunView,
  pick: CellPick,
  readAnswers: ReadAnswers,
): Promise<void> {
  const dialog = find("questions", HTMLDialogElement);
  const list = find("questions-list", HTMLElement);
  const summary = find("questions-summary", HTMLElement);
  const more = find("questions-more", HTMLButtonElement);
  setText(find("questions-title", HTMLElement), describePick(pick));
  setText(summary, "Asking all of the validation split…");
  list.replaceChildren();
  more.hidden = true;
  dialog.showModal();
  try {
    const answers = await readAnswers(run);
    const found = questionsBehind(answers, pick, run.start?.model.outputLength ?? 0);
    setText(summary, summarize(found, answers));
    const table = drawTable();
    list.replaceChildren(table);
    const showMore = (): void => {
      const shown = table.rows.length - 1;
      table.tBodies[0]!.append(...found.slice(shown, shown + PAGE).map(drawRow));
      more.hidden = table.rows.length - 1 >= found.length;
    };
    more.onclick = showMore;
    showMore();
  } catch (error) {
    setText(summary, error instanceof Error ? error.message : String(error));
  }
}

function summarize(
  found: readonly AnsweredQuestion[],
  { step, examples, questions }: Answers,
): string {
  const wrong = found.filter(({ right }) => !right).length;
  const part = questions.length < examples
    ? ` Listed are ${formatCount(questions.length)} of ${
      formatCount(examples)
    } examples, wrong ones first.`
    : "";
  return `${formatCount(wrong)} wrong of ${formatCount(found.length)}, as the weights at step ${
    formatCount(step)
  } answer.${part}`;
}

function drawTable(): HTMLTableElement {
  const head = ["Q", "T", "Guess"].map((text) =>
    element("th", { attributes: { scope: "col" } }, text)
  );
  return element(
    "table",
    { class: "samples" },
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody"),
  );
}

function drawRow({ question, target, guess }: AnsweredQuestion): HTMLElement {
  return element(
    "tr",
    {},
    element("td", { class: "text" }, question),
    element("td", { class: "text" }, target),
    element("td", { class: "text" }, drawMark(guess === target), guess || "nothing"),
  );
}
