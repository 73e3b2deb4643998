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
import { identityOf, type PageState, type RunView } from "./state.ts";

/** Gives the answers of a run's newest weights. */
export type ReadAnswers = (run: RunView) => Promise<Answers>;

/** Rows shown at once. */
const PAGE = 200;

/** The dialog. */
export interface QuestionsDialog {
  /** Opens it with the questions of a cell. */
  show(run: RunView, pick: CellPick): Promise<void>;
  /** Closes it if another run has taken the place of the one that it shows. */
  render(state: PageState): void;
}

/** Makes the dialog work. */
export function createQuestionsDialog(readAnswers: ReadAnswers): QuestionsDialog {
  const dialog = find("questions", HTMLDialogElement);
  const list = find("questions-list", HTMLElement);
  const summary = find("questions-summary", HTMLElement);
  const more = find("questions-more", HTMLButtonElement);
  let shown: { readonly run: number; readonly identity: string } | undefined;

  function drawList(found: readonly AnsweredQuestion[]): void {
    const table = drawTable();
    list.replaceChildren(table);
    const showMore = (): void => {
      const count = table.rows.length - 1;
      table.tBodies[0]!.append(...found.slice(count, count + PAGE).map(drawRow));
      more.hidden = table.rows.length - 1 >= found.length;
    };
    more.onclick = showMore;
    showMore();
  }

  return {
    async show(run, pick): Promise<void> {
      const mine = shown = { run: run.run, identity: identityOf(run) };
      setText(find("questions-title", HTMLElement), describePick(pick));
      setText(summary, "Reading the answers to the validation split…");
      list.replaceChildren();
      more.hidden = true;
      dialog.showModal();
      try {
        const answers = await readAnswers(run);
        if (mine !== shown) return;
        const found = questionsBehind(answers, pick, run.start?.model.outputLength ?? 0);
        setText(summary, summarize(found, answers));
        drawList(found);
      } catch (error) {
        if (mine === shown) {
          setText(summary, error instanceof Error ? error.message : String(error));
        }
      }
    },
    render({ runs }): void {
      const now = shown && runs.get(shown.run);
      if (now === undefined || identityOf(now) === shown?.identity) return;
      shown = undefined;
      dialog.close();
    },
  };
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
