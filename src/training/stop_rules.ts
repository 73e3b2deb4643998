/** Decides when training stops. @module */
import type { EndReason } from "./events.ts";
import { findBest, hasReached } from "./metrics.ts";
import type { Training } from "./training.ts";

/** Gives the reason why a training ends after its last epoch; undefined if it continues. */
export function findStopReason(
  training: Pick<Training, "options" | "progress">,
): Exclude<EndReason, "interrupted"> | undefined {
  const { options: { epochs, stopAt, patience, monitor }, progress: { history } } = training;
  const last = history.at(-1);
  if (last === undefined) return undefined;
  if (stopAt !== null && hasReached(last, stopAt.metric, stopAt.value)) return "stopAt";
  if (last.epoch >= epochs) return "epochs";
  const best = findBest(history, monitor)!;
  return patience > 0 && last.epoch - best.epoch >= patience ? "patience" : undefined;
}
