/// <reference lib="dom" />
/** What the model has learned, epoch by epoch. @module */
import type { Learned } from "../../evaluation/learned.ts";
import { isOver } from "./asker.ts";
import type { CellPick } from "./behind_cell.ts";
import { findCell } from "./cell_button.ts";
import { drawConfusion } from "./confusion.ts";
import { find, setText } from "./dom.ts";
import { createEpochPicker } from "./epoch_picker.ts";
import type { Drawing } from "./frames.ts";
import { drawGroups, drawPositions } from "./learned_cells.ts";
import type { RunView } from "./state.ts";

/** The section "What the model has learned". */
export interface LearnedSection {
  draw(shown: RunView | undefined): Drawing;
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

/** Makes the section work. @param requestFrame asks for another call of `draw` @param onPick called when a cell is chosen */
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
    *draw(shown): Drawing {
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
      const { index } = picker;
      for (const { host, draw } of parts) {
        yield;
        const focused = readFocus(host);
        const scrolled = readScroll(host);
        host.replaceChildren(draw(all, index, onPick));
        writeScroll(host, scrolled);
        if (focused !== undefined) findCell(host, focused)?.focus();
      }
    },
  };
}

/** Gives the name of the cell that has the focus, if it is in a part. */
function readFocus(part: HTMLElement): string | undefined {
  const { activeElement } = document;
  return part.contains(activeElement)
    ? activeElement?.getAttribute("data-cell") ?? undefined
    : undefined;
}

/** Reads how far everything in a part is scrolled, so that a redraw does not move it. */
function readScroll(part: HTMLElement): readonly (readonly [number, number])[] {
  return scrollersOf(part).map(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop] as const);
}

function writeScroll(part: HTMLElement, scrolled: readonly (readonly [number, number])[]): void {
  for (const [i, scroller] of scrollersOf(part).entries()) {
    const [left, top] = scrolled[i] ?? [0, 0];
    if (left > 0) scroller.scrollLeft = left; // setting it lays out the page at once
    if (top > 0) scroller.scrollTop = top;
  }
}

function scrollersOf(part: HTMLElement): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>(".scroll")];
}
