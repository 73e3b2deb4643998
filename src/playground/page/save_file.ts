/// <reference lib="dom" />
/** Gives a person a file, by the browser's own way to save one. @module */
import { element } from "../../dashboard/page/dom.ts";
import type { SavedFile } from "../engine.ts";

/** How long a browser may take to begin to read the file. */
const KEPT_MS = 60_000;

/** Saves a file. */
export function saveFile({ name, type, bytes }: SavedFile): void {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  element("a", { attributes: { href: address, download: name } }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
