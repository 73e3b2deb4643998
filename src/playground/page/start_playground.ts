/// <reference lib="dom" />
/** Starts the parts of the playground's page and connects them with the engine. @module */
import { find, setText } from "../../dashboard/page/dom.ts";
import { showRuns } from "../../dashboard/page/start_page.ts";
import type { PageAssets } from "../../dashboard/inline_page.ts";
import type { Engine } from "../engine.ts";
import { createControls } from "./controls.ts";
import { offerKeptRun } from "./kept_run.ts";
import { describeMachine } from "./machine.ts";
import { createNotes } from "./notes.ts";
import { startTrainingForm } from "./training_form.ts";
import { showView } from "./view.ts";

/** Starts the page. @param assets the files of a page that is exported */
export function startPlayground(engine: Engine, assets: PageAssets): void {
  const back = find("back", HTMLButtonElement);
  const complaint = find("start-error", HTMLElement);
  const complain = (error: unknown): void =>
    setText(complaint, error instanceof Error ? error.message : String(error));
  const showRun = (): void => {
    back.hidden = false;
    showView("run");
  };
  const notes = createNotes();
  const showForm = (): void => {
    notes.clear(); // they were of the run
    showView("start");
    find("kept", HTMLElement).hidden = true; // the run that is kept is the one to go back to
    if (back.hidden) showKept().catch(complain);
  };
  const controls = createControls(engine, {
    assets,
    onStart: showForm,
    onForgotten(): void {
      back.hidden = true;
      showForm();
    },
  });
  const showKept = offerKeptRun(engine, showRun);
  back.addEventListener("click", showRun);
  startTrainingForm(engine, showRun);
  setText(find("machine", HTMLElement), describeMachine());
  showRuns({
    asker: {
      ask: async (_run, question) => ({ answered: await engine.ask(question), by: "browser" }),
    },
    readAnswers: () => engine.readAnswers(),
    start(onUpdate, _onOpen, onLink): void {
      onLink({ state: "worker", message: "" });
      engine.listen({ update: onUpdate, note: notes.tell })
        .then(showKept)
        .catch(complain);
    },
  }, controls.render);
}
