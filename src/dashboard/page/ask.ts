/// <reference lib="dom" />
/** The section with the box for a question, the answer, and the questions asked before. @module */
import { type Asked, drawAnswer, drawHistory, sayAnswer } from "./answer_view.ts";
import type { Asker } from "./asker.ts";
import { find, setText } from "./dom.ts";
import { identityOf, type PageState, type RunView } from "./state.ts";
import { taskOf } from "./task.ts";

/** Questions that are kept. */
const HISTORY = 12;

/** The section of the questions. */
export interface AskSection {
  /** Removes the answers of runs whose place another run has taken. */
  render(): void;
}

/** Makes the form work. @param readShown gives the run that is asked */
export function startAsk(
  asker: Asker,
  state: PageState,
  readShown: () => RunView | undefined,
): AskSection {
  const input = find("question", HTMLInputElement);
  const form = find("ask", HTMLFormElement);
  const host = find("answer", HTMLElement);
  const empty = find("unasked", HTMLElement);
  let invited: unknown;
  const history: Asked[] = [];
  let drawn: Asked | undefined;
  let asking = 0;

  function draw(asked: Asked): void {
    drawn = asked;
    host.replaceChildren(...drawAnswer(asked));
  }
  function isOfThisRun({ run, identity }: Asked): boolean {
    const now = state.runs.get(run);
    return now === undefined || identityOf(now) === identity; // after a reconnection the runs come one after the other
  }

  async function ask(question: string): Promise<void> {
    const shown = readShown();
    const mine = ++asking;
    form.setAttribute("aria-busy", "true");
    try {
      if (shown?.start === undefined) {
        throw new Error("Cannot ask: the page has not received a run yet");
      }
      const task = taskOf(shown.start);
      const of = { name: shown.name, run: shown.run, identity: identityOf(shown), task };
      const asked = { ...await asker.ask(shown, question), ...of };
      if (mine !== asking) return;
      if (!isOfThisRun(asked)) {
        throw new Error(
          "Cannot show the answer: another run has taken the place of this one; ask again",
        );
      }
      setText(find("ask-error", HTMLElement), "");
      draw(asked);
      setText(find("answer-said", HTMLElement), sayAnswer(asked));
      history.unshift(asked);
      history.length = Math.min(history.length, HISTORY);
      drawHistory(history, draw);
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
        `Cannot ask: the question is empty; type ${describeQuestion(readShown())}`,
      );
      return;
    }
    input.select();
    void ask(question);
  });

  return {
    render(): void {
      if (!history.every(isOfThisRun)) {
        history.splice(0, Infinity, ...history.filter(isOfThisRun));
        drawHistory(history, draw);
      }
      const shown = readShown();
      if (shown?.start !== invited) {
        invited = shown?.start;
        invite(input, empty, shown);
      }
      if (drawn === undefined || isOfThisRun(drawn)) return;
      drawn = undefined;
      host.replaceChildren(empty);
    },
  };
}

/** Says what a question of the run is. */
function invite(input: HTMLInputElement, empty: HTMLElement, shown: RunView | undefined): void {
  const task = shown?.start && taskOf(shown.start);
  input.placeholder = task?.problem.example ?? "";
  setText(empty, `Type ${describeQuestion(shown)}. The newest weights answer it.`);
}

function describeQuestion(shown: RunView | undefined): string {
  return shown?.start === undefined ? "a question" : taskOf(shown.start).problem.question;
}
