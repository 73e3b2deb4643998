/// <reference lib="dom" />
/** The button that starts a training, and the one that gives it up before its first step. @module */
import { find, setText } from "../../dashboard/page/dom.ts";
import type { Engine, PlaygroundOptions, PlaygroundTask } from "../engine.ts";
import { perform } from "./perform.ts";

/** What the buttons need. */
export interface StartButtonOptions {
  readonly engine: Pick<Engine, "start" | "stop">;
  /** Where the reason of a failure is shown. */
  readonly complaint: HTMLElement;
  /** Reads what is learned. @throws {Error} if something in the form is missing, or not possible */
  readonly readTask: () => Promise<PlaygroundTask>;
  /** Reads how. @throws {RangeError} if a value is not possible */
  readonly readOptions: () => PlaygroundOptions;
  /** Called when the training has begun. */
  readonly onRun: () => void;
}

/** Makes the buttons work. */
export function startStartButton(
  { engine, complaint, readTask, readOptions, onRun }: StartButtonOptions,
): void {
  const begin = find("start-training", HTMLButtonElement);
  const cancel = find("cancel", HTMLButtonElement);
  let reading: AbortController | undefined;

  async function start(): Promise<void> {
    reading = new AbortController();
    const { signal } = reading;
    const task = await readTask();
    const options = readOptions();
    signal.throwIfAborted();
    reading = undefined;
    await engine.start(task, options);
  }
  find("training", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    void perform(begin, complaint, async () => {
      setText(begin, "Starting…");
      try {
        await start();
      } finally {
        setText(begin, "Start training");
      }
      onRun();
    });
  });
  cancel.addEventListener("click", () => {
    if (reading === undefined) void perform(cancel, complaint, () => engine.stop());
    else reading.abort(new Error("Stopped before the training: nothing has changed"));
  });
}
