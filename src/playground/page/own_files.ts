/// <reference lib="dom" />
/** The files that the playground's page holds, from which it makes the pages that it exports. @module */
import { find } from "../../dashboard/page/dom.ts";
import type { PageAssets } from "../../dashboard/inline_page.ts";

/** Reads the files of an exported page: its style and its script are those of this page. */
export function readOwnFiles(): PageAssets {
  const { "index.html": index, "icon.svg": icon } = JSON.parse(
    find("exported", HTMLScriptElement).text,
  );
  return {
    "index.html": index,
    "icon.svg": icon,
    "page.css": readText("style"),
    "page.js": readText('script[type="module"]'),
  };
}

function readText(selector: string): string {
  const found = document.querySelector(selector)?.textContent;
  if (found != null) return found;
  throw new TypeError(`Cannot start the playground: the page must hold a ${selector}`);
}
