/// <reference lib="dom" />
/** The buttons of a run: pause, go on, stop, save, export, forget. @module */
import { find, setText } from "../../dashboard/page/dom.ts";
import type { RunView } from "../../dashboard/page/state.ts";
import type { PageAssets } from "../../dashboard/inline_page.ts";
import type { Engine } from "../engine.ts";
import { perform } from "./perform.ts";
import { saveFile } from "./save_file.ts";

/** The buttons. */
export interface Controls {
  /** Shows what can be done with a run. */
  render(shown: RunView | undefined): void;
}

/** What the buttons need. */
export interface ControlsOptions {
  /** The files of an exported page. */
  readonly assets: PageAssets;
  /** Called when a person wants to see the form. */
  readonly onStart: () => void;
  /** Called when the run was forgotten. */
  readonly onForgotten: () => void;
}

/** Makes the buttons work. */
export function createControls(engine: Engine, options: ControlsOptions): Controls {
  const { assets, onStart, onForgotten } = options;
  const complaint = find("control-error", HTMLElement);
  const button = (id: string): HTMLButtonElement => find(id, HTMLButtonElement);
  const [pause, stop, dialog] = [
    button("pause"),
    button("stop"),
    find("forget-dialog", HTMLDialogElement),
  ];
  let isTraining = false;
  const on = (id: string, work: () => Promise<void>): void =>
    button(id).addEventListener("click", () => void perform(button(id), complaint, work));

  on("pause", () => isTraining ? engine.pause() : engine.goOn());
  on("stop", () => engine.stop());
  on("save", async () => saveFile(await engine.saveCheckpoint()));
  on("export", async () => saveFile(await engine.exportPage(assets)));
  on("forget-surely", async () => {
    dialog.close();
    if (isTraining) await engine.stop();
    await engine.forgetKept();
    onForgotten();
  });
  button("forget").addEventListener("click", () => dialog.showModal());
  button("new").addEventListener("click", onStart);

  return {
    render(shown): void {
      const state = shown?.status.state;
      isTraining = state === "training" || state === "waiting";
      setText(pause, isTraining ? "Pause" : "Go on");
      pause.disabled = !isTraining && state !== "interrupted";
      stop.disabled = !isTraining;
    },
  };
}
