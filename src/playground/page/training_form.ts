/// <reference lib="dom" />
/** The form that starts a training: what is learned, and how. @module */
import { find, watchChoice } from "../../dashboard/page/dom.ts";
import type { Engine, PairsTask, PlaygroundTask } from "../engine.ts";
import { readBytes } from "./given_pairs.ts";
import { createMadeTask } from "./made_task.ts";
import { createOptionFields } from "./option_fields.ts";
import { createPairsInput } from "./pairs_input.ts";
import { createPairsReport } from "./pairs_report.ts";
import { startCheckpointButton } from "./checkpoint_button.ts";
import { startStartButton } from "./start_button.ts";

/** What the form asks of the engine. */
type FormEngine = Pick<Engine, "check" | "start" | "stop" | "openCheckpoint">;

/** Makes the form work. @param onRun called when a run has begun or was opened */
export function startTrainingForm(engine: FormEngine, onRun: () => void): void {
  const complaint = find("start-error", HTMLElement);
  const chooser = find("task", HTMLFieldSetElement);
  const made = createMadeTask();
  const report = createPairsReport(engine);
  const refresh = (): void =>
    report.refresh(pairs.given === undefined ? undefined : () => readPairs());
  const pairs = createPairsInput(refresh);
  const options = createOptionFields(refresh);

  async function readPairs(): Promise<PairsTask> {
    const { given } = pairs;
    if (given === undefined) {
      throw new Error(
        "Cannot start: pairs are needed, each a question, a tab and its answer; open, drop or paste some",
      );
    }
    const settings = { ...options.readPairs(), ...options.readSeed() };
    return { kind: "pairs", name: given.name, bytes: await readBytes(given), settings };
  }
  async function readTask(): Promise<PlaygroundTask> {
    if (readKind(chooser) === "pairs") return await readPairs();
    const task = made.read();
    return { ...task, settings: { ...task.settings, ...options.readSeed() } };
  }
  function showKind(): void {
    const kind = readKind(chooser);
    find("made", HTMLElement).hidden = kind !== "made";
    find("pairs", HTMLElement).hidden = kind !== "pairs";
    options.show(kind);
  }
  watchChoice(chooser, showKind);
  showKind();

  startStartButton({ engine, complaint, readTask, readOptions: options.read, onRun });
  startCheckpointButton(engine, {
    complaint,
    onRun,
    readPairs: async () =>
      readKind(chooser) === "pairs" && pairs.given !== undefined ? await readPairs() : undefined,
  });
}

function readKind(chooser: HTMLFieldSetElement): PlaygroundTask["kind"] {
  const chosen = chooser.querySelector<HTMLInputElement>("input:checked");
  return chosen?.value === "pairs" ? "pairs" : "made";
}
