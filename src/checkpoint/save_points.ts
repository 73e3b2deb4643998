/** The moments of a training at which it is saved. @module */
import type { Clock } from "../time/pause.ts";
import { createSteadyClock } from "../time/steady_clock.ts";
import type { TrainingEvent } from "../training/events.ts";

/** How often a training is saved within an epoch: every so many steps, 0 for never, or after so much time. */
export type CheckpointInterval =
  | { readonly steps: number }
  | { readonly ms: number };

/** Says when to save. It decides when, never what: results do not depend on it. */
export interface SavePoints {
  /** Says whether to save after an event: an epoch is over, the interval is, or training was interrupted. */
  isDue(event: TrainingEvent): boolean;
  /** Notes that it was saved: the time to the next save begins when this one has ended. */
  saved(): void;
}

/** Makes them. A clock that is set back or forward brings one save forward or delays one, no more. */
export function createSavePoints(interval: CheckpointInterval, now: Clock): SavePoints {
  const clock = createSteadyClock(now);
  let savedAt = clock();
  const isOver = (step: number): boolean => {
    if ("ms" in interval) return clock() - savedAt >= interval.ms;
    return interval.steps > 0 && step % interval.steps === 0;
  };
  return {
    isDue(event): boolean {
      if (event.event === "step") return isOver(event.step);
      return event.event === "epoch" || (event.event === "end" && event.reason === "interrupted");
    },
    saved(): void {
      savedAt = clock();
    },
  };
}
