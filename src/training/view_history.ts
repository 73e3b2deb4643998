/** What a training shows in a notebook. @module */
import type { MediaBundle } from "../display/display.ts";
import type { EpochMetrics } from "./metrics.ts";

/** Shows the metrics of epochs. What draws them is loaded when it is asked for. */
export async function viewHistory(history: readonly EpochMetrics[]): Promise<MediaBundle> {
  return (await import("../notebook/show_history.ts")).showHistory(history);
}
