/** Lets the event loop have its turn between two computations: signals, timers and pages wait for it. @module */
import { functionRule, type Rule } from "../arguments/rule.ts";
import { createSteadyClock } from "./steady_clock.ts";

/** Longest time that computing keeps the event loop to itself, where a step is shorter than that. */
const SLICE_MS = 50;
/** A turn costs one to two milliseconds, and a signal may need several to be heard: after a long step all at once. */
const LONG_MS = 4 * SLICE_MS;
const TURNS_AFTER_LONG = 4;

/** A clock: milliseconds from any origin. */
export type Clock = () => number;

/** What a clock must be. */
export const CLOCK: Rule<Clock> = functionRule();

/** Makes a function that gives the event loop a turn if it had none for a while. */
export function createPause(now: Clock): () => Promise<void> {
  const clock = createSteadyClock(now);
  let last = clock();
  return async () => {
    const busyMs = clock() - last;
    if (busyMs < SLICE_MS) return;
    const turns = busyMs < LONG_MS ? 1 : TURNS_AFTER_LONG;
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setTimeout(resolve, 0));
    last = clock();
  };
}
