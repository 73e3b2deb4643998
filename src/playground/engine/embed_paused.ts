/** Gathers what an exported page holds of a run that may be trained now. @module */
import { embedRun } from "../../dashboard/export_page.ts";
import type { EmbeddedRun } from "../../dashboard/protocol.ts";
import type { WatchedRun } from "../../dashboard/watched_run.ts";

/** Gathers it. Nothing is trained in an exported page, so that a training that goes on is shown as interrupted. */
export async function embedPaused(run: WatchedRun): Promise<EmbeddedRun> {
  const embedded = await embedRun(run);
  const { update } = embedded;
  if (update.status.state !== "training") return embedded;
  const status = {
    ...update.status,
    ...{ state: "interrupted", reason: "interrupted" } as const,
    ...{ examplesPerSecond: null, leftMs: null },
  };
  return { ...embedded, update: { ...update, status } };
}
