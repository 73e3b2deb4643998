/// <reference lib="dom" />
/** The files that the playground's page holds, from which it makes the pages that it exports. @module */
import type { PageAssets } from "../../dashboard/inline_page.ts";

/** What an exported page has not: elements of the playground alone, and what is put in when a page is exported. */
const REMOVED = "[data-playground], script, meta[http-equiv]";

/**
 * Reads the files of an exported page from this page before anything in it has changed: its style and its script are the same, and
 * its HTML is what is left without the parts of the playground.
 *
 * @throws {TypeError} if this page lacks one
 */
export function readOwnFiles(): PageAssets {
  const page = document.documentElement.cloneNode(true) as HTMLElement; // a copy is what was copied
  const style = find(page, "style");
  const script = find(page, 'script[type="module"]');
  const icon = find(page, 'link[rel="icon"]');
  const files = {
    "page.css": style.textContent ?? "",
    "page.js": script.textContent ?? "",
    "icon.svg": atob(icon.getAttribute("href")!.replace(/^.*,/, "")),
  };
  for (const part of page.querySelectorAll(REMOVED)) part.remove();
  icon.setAttribute("href", "icon.svg");
  style.replaceWith(makeElement("link", { rel: "stylesheet", href: "page.css" }));
  const body = find(page, "body");
  body.removeAttribute("data-view");
  body.append(makeElement("script", { type: "module", src: "page.js" }));
  return { ...files, "index.html": `<!DOCTYPE html>\n${page.outerHTML}` };
}

function find(page: HTMLElement, selector: string): Element {
  const found = page.querySelector(selector);
  if (found !== null) return found;
  throw new TypeError(`Cannot start the playground: the page must hold a ${selector}`);
}

function makeElement(tag: string, attributes: Readonly<Record<string, string>>): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
