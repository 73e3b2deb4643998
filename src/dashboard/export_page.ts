/** Exports a run as one HTML file that needs no server: the page with its style, its script and the run in it. @module */
import { decodeCheckpoint, encodeCheckpoint } from "../checkpoint/checkpoint.ts";
import { nameFiles } from "../problem/pairs/name_files.ts";
import { encodeBase64 } from "./encode_base64.ts";
import { inlinePage, type PageAssets } from "./inline_page.ts";
import type { Answers, EmbeddedRun } from "./protocol.ts";
import type { WatchedRun } from "./watched_run.ts";

/**
 * Gathers what an exported page holds of a run: its history, its answers and its weights. Of its path, and of those of its pairs, it
 * holds the names alone.
 */
export async function embedRun(watched: WatchedRun): Promise<EmbeddedRun> {
  const answers: Answers = await watched.answers();
  const model = await nameFilesIn(await watched.readModel());
  const { update } = watched.news.since(undefined)!; // without a cursor everything is new
  const { start, name } = update;
  if (start === undefined) return { update, answers, model: encodeBase64(model) };
  const named = { ...update, start: { ...start, run: name, problem: nameFiles(start.problem) } };
  return { update: named, answers, model: encodeBase64(model) };
}

async function nameFilesIn(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const checkpoint = await decodeCheckpoint(bytes);
  return await encodeCheckpoint({ ...checkpoint, problem: nameFiles(checkpoint.problem) });
}

/**
 * Puts the page and a run into one HTML text, which needs no server and sends no request.
 *
 * @throws {Error} if a tag that is replaced is missing, or an asset holds what cannot stand inside HTML
 */
export async function renderPage(assets: PageAssets, embedded: EmbeddedRun): Promise<string> {
  return await inlinePage(assets, { data: { embedded } });
}
