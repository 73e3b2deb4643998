/** The page of a run, for `export --to page`. @module */
import { chooseDevice } from "../device/choose.ts";
import { embedRun, renderPage } from "../dashboard/export_page.ts";
import { followRun } from "../dashboard/follow_run.ts";
import { PAGE_ASSETS } from "../dashboard/page_assets.ts";
import type { ExportedRun } from "./export_targets.ts";
import { printError } from "./terminal.ts";

/** Makes the page. */
export async function makeRunPage(
  { path, weights }: ExportedRun,
): Promise<Uint8Array<ArrayBuffer>> {
  const skipped = new Set<string>(); // every read gives the same reason again
  await using watched = await followRun(path, {
    device: await chooseDevice("cpu"), // a GPU takes longer to start than to answer
    weights,
    onSkipped: (reason) => skipped.add(reason),
  });
  const page = await renderPage(PAGE_ASSETS, await embedRun(watched));
  for (const reason of skipped) printError(`Skipped ${reason}`);
  return new TextEncoder().encode(page);
}
