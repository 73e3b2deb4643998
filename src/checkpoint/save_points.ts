/** Decides when a training is saved. @module */
import type { Clock } from "../time/clock.ts";
import { createSteadyClock } from "../time/steady_clock.ts";
import type { TrainingEvent } from "../training/events.ts";

/** How often a training is saved within an epoch: after a number of steps (0: never) or after a time in milliseconds. */
export type CheckpointInterval =
  | { readonly steps: number }
  | { readonly ms: number };

/** Says when to save. The result of the training does not depend on it. */
export interface SavePoints {
  /** Says whether to save after an event: at the end of an epoch or of the interval, and when training was interrupted. */
  isDue(event: TrainingEvent): boolean;
  /** Notes that a save has ended: the time to the next one begins now. */
  saved(): void;
}

/** Makes save points. If the system clock is changed, one save comes earlier or later; the others do not change. */
export function createSavePoints(interval: CheckpointInterval, now: Clock): SavePoints {
  const clock = createSteadyClock(now); // fault point: clock of the saves
  let savedAt = clock();
  const isOver = (step: number): boolean => {
    if ("ms" in interval) return clock() - savedAt >= interval.ms; // fault point: end of an interval
    return interval.steps > 0 && step % interval.steps === 0;
  };
  return {
    isDue(event): boolean {
      if (event.event === "step") return isOver(event.step);
      return event.event === "epoch" || (event.event === "end" && event.reason === "interrupted");
    },
    saved(): void {
      savedAt = clock(); // fault point: time of a save
    },
  };
}
