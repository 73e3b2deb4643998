/// <reference lib="dom" />
/** What the model has learned, epoch by epoch. @module */
import type { Learned } from "../../evaluation/learned.ts";
import { isOver } from "./asker.ts";
import type { CellPick } from "./behind_cell.ts";
import { findCell } from "./cell_button.ts";
import { drawConfusion } from "./confusion.ts";
import { find, setText } from "./dom.ts";
import { createEpochPicker } from "./epoch_picker.ts";
import { drawGroups, drawPositions } from "./learned_cells.ts";
import type { RunView } from "./state.ts";

/** The section "What the model has learned". */
export interface LearnedSection {
  render(shown: RunView | undefined): void;
}

/** Draws one part for the epoch with an index. `onPick` is called when a cell is chosen. */
export type DrawLearned = (
  learned: readonly Learned[],
  index: number,
  onPick: (pick: CellPick) => void,
) => HTMLElement;

const PARTS: readonly (readonly [string, DrawLearned])[] = [
  ["groups", drawGroups],
  ["positions", drawPositions],
  ["confusion", drawConfusion],
];

/** Makes the section work. @param requestFrame asks for another call of `render` @param onPick called when a cell is chosen */
export function createLearnedSection(
  requestFrame: () => void,
  onPick: (pick: CellPick) => void,
): LearnedSection {
  const picker = createEpochPicker(
    find("learned-epoch", HTMLElement),
    "what the model has learned",
    requestFrame,
  );
  const block = find("learned", HTMLElement);
  const parts = PARTS.map(([id, draw]) => ({ host: find(id, HTMLElement), draw }));
  let drawn = "";
  return {
    render(shown): void {
      const all = shown?.learned ?? [];
      picker.update(all.map(({ epoch }) => epoch), shown?.generation ?? 0);
      const over = shown !== undefined && isOver(shown);
      const next = `${shown?.generation} ${all.length} ${picker.index} ${over}`;
      if (next === drawn) return;
      drawn = next;
      block.hidden = all.length === 0;
      const empty = find("learned-empty", HTMLElement);
      empty.hidden = all.length > 0;
      setText(
        empty,
        over
          ? "The log of this run does not hold these figures."
          : "The first figures appear after the first epoch.",
      );
      if (all.length === 0) return;
      const focused = document.activeElement?.getAttribute("data-cell");
      const scrolled = readScroll(block);
      for (const { host, draw } of parts) host.replaceChildren(draw(all, picker.index, onPick));
      writeScroll(block, scrolled);
      if (focused != null) findCell(block, focused)?.focus();
    },
  };
}

/** Reads how far every part is scrolled, so that a redraw does not move it. */
function readScroll(block: HTMLElement): readonly (readonly [number, number])[] {
  return scrollersOf(block).map(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop] as const);
}

function writeScroll(block: HTMLElement, scrolled: readonly (readonly [number, number])[]): void {
  for (const [i, part] of scrollersOf(block).entries()) {
    const [left, top] = scrolled[i] ?? [0, 0];
    if (left > 0) part.scrollLeft = left; // setting it lays out the page at once
    if (top > 0) part.scrollTop = top;
  }
}

function scrollersOf(block: HTMLElement): HTMLElement[] {
  return [...block.querySelectorAll<HTMLElement>(".scroll")];
}
