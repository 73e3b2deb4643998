/** A clock that never goes back, even if the clock that it reads does. @module */
import type { Clock } from "./clock.ts";

/**
 * Makes a clock that adds up the time that passes on another clock, from 0. When the other clock is set back, no time passes.
 * When it is set forward, the jump counts once.
 */
export function createSteadyClock(now: Clock): Clock {
  let elapsedMs = 0;
  let last = now();
  return () => {
    const at = now();
    if (at > last) elapsedMs += at - last;
    last = at;
    return elapsedMs;
  };
}
