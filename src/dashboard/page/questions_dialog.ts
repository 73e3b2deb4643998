/// <reference lib="dom" />
/** The dialog with the questions that a cell counts, wrong answers first. @module */
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
import { taskOf } from "./task.ts";

/** Gives the answers of the newest weights of a run. */
export type ReadAnswers = (run: RunView) => Promise<Answers>;

/** Rows that are added at a time. */
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
        const found = run.start === undefined
          ? []
          : questionsBehind(answers, pick, taskOf(run.start));
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
    ? ` ${formatCount(questions.length)} of the ${
      formatCount(examples)
    } examples are listed, wrong answers first.`
    : "";
  return `${formatCount(wrong)} of ${
    formatCount(found.length)
  } answers are wrong, with the weights at step ${formatCount(step)}.${part}`;
}

function drawTable(): HTMLTableElement {
  const head = ["Question", "Target", "Guess"].map((text) =>
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
