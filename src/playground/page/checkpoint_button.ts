/// <reference lib="dom" />
/** The button that opens a checkpoint. @module */
import { find } from "../../dashboard/page/dom.ts";
import type { Engine, PairsTask } from "../engine.ts";
import { readBytes } from "./given_pairs.ts";
import { perform } from "./perform.ts";

/** What the button needs. */
export interface CheckpointButtonOptions {
  /** Where the reason of a failure is shown. */
  readonly complaint: HTMLElement;
  /** Called when the run was opened. */
  readonly onRun: () => void;
  /** Gives the pairs of the form, with which a model of pairs can go on; undefined for none. */
  readonly readPairs: () => Promise<PairsTask | undefined>;
}

/** Makes the button work. */
export function startCheckpointButton(
  engine: Pick<Engine, "openCheckpoint">,
  { complaint, onRun, readPairs }: CheckpointButtonOptions,
): void {
  const file = find("checkpoint-file", HTMLInputElement);
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    if (chosen === undefined) return;
    void perform(file, complaint, async () => {
      const bytes = await readBytes({ name: chosen.name, content: chosen });
      file.value = ""; // the same file can be opened again
      await engine.openCheckpoint(bytes, await readPairs());
      onRun();
    });
  });
}
