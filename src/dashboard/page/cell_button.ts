/// <reference lib="dom" />
/** A cell that is a button. @module */
import { element } from "./dom.ts";

/** Options of a cell. */
export interface CellOptions {
  /** Names the cell, so that it is found after a redraw. */
  readonly key: string;
  /** Its content in words. */
  readonly name: string;
  readonly class?: string;
  /** Strength of its tint, from 0 to 1. */
  readonly tint: number;
  readonly onPick: () => void;
}

/** Makes the button of a cell. */
export function createCellButton(
  { key, name, tint, onPick, class: extra }: CellOptions,
  ...children: readonly (Node | string)[]
): HTMLButtonElement {
  return element("button", {
    class: extra === undefined ? "cell" : `cell ${extra}`,
    attributes: { type: "button", "data-cell": key, "aria-label": name, title: name },
    properties: { "--tint": `${(tint * 100).toFixed(2)}%` },
    onClick: onPick,
  }, ...children);
}

/** Finds a cell by its key. */
export function findCell(within: HTMLElement, key: string): HTMLElement | undefined {
  return [...within.querySelectorAll<HTMLElement>("[data-cell]")]
    .find(({ dataset }) => dataset.cell === key);
}
