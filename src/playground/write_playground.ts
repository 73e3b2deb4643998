/** Writes the playground as one HTML text, which needs no server. @module */
import { PAGE_ASSETS } from "./page_assets.ts";
import { renderPlayground } from "./render_playground.ts";

/** Writes the page. */
export async function writePlayground(): Promise<string> {
  return await renderPlayground(PAGE_ASSETS);
}
