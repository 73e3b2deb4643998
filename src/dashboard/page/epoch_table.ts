/// <reference lib="dom" />
/** The epochs as a table. @module */
import { element, find } from "./dom.ts";
import { formatCount, formatDuration, formatShare, formatValue } from "./format.ts";
import type { RunView } from "./state.ts";

/** Makes the table of the epochs of a run: the figures of the curves as text. */
export function createEpochTable(): { render(run: RunView | undefined): void } {
  const body = find("epoch-table", HTMLTableElement).tBodies[0]!;
  let generation = 0;
  return {
    render(run): void {
      if (run?.generation !== generation) body.replaceChildren();
      generation = run?.generation ?? 0;
      const further = run?.epochs.slice(body.rows.length) ?? [];
      for (const row of further) body.append(drawRow(row)); // there may be too many for arguments
    },
  };
}

function drawRow(row: RunView["epochs"][number]): HTMLElement {
  return element(
    "tr",
    row.best ? { class: "best" } : {},
    ...[
      formatCount(row.epoch),
      formatCount(row.step),
      formatValue(row.loss),
      formatValue(row.validationLoss),
      formatShare(row.characterAccuracy),
      formatShare(row.exactMatch),
      formatDuration(row.elapsedMs),
    ].map((text) => element("td", {}, text)),
  );
}
