/** HTML and SVG in which every text is escaped. @module */
import { escapeText } from "../../arguments/escape.ts";

/** HTML that may stand in a page as it is. */
export interface Markup {
  /** The text of the elements. */
  readonly markup: string;
}

/** What can be put into HTML: texts and numbers are escaped, lists are joined, undefined is left out. */
export type Part = string | number | undefined | Markup | readonly Part[];

/**
 * Writes HTML: ``html`<td>${text}</td>` ``. Control characters and marks of the writing direction become visible, such as
 * `\u202e`, so that no text can change how another one is read.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const texts = strings.map((text, i) => text + (i < parts.length ? write(parts[i]) : ""));
  return { markup: texts.join("") };
}

/** Writes a text that somebody else wrote: it has its own writing direction, and `␣` for a space at an end. */
export function foreign(text: string): Markup {
  return html`<bdi class="text">${showSpaces(text)}</bdi>`;
}

/** Names a symbol for people: a space and padding are invisible otherwise. */
export function nameSymbol(symbol: string): string {
  return symbol === "" ? "(padding)" : showSpaces(symbol.replace(/^\t(?=.)/u, ""));
}

function showSpaces(text: string): string {
  return text.replace(/^ +| +$/g, (spaces) => "␣".repeat(spaces.length));
}

function write(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escapeHtml(part);
  return "markup" in part ? part.markup : part.map(write).join("");
}

function escapeHtml(text: string): string {
  return escapeText(text)
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}
