/** A clock that never goes back, whatever the one behind it does. @module */
import type { Clock } from "./pause.ts";

/**
 * Makes a clock that adds up the time that passes on another one, from 0. Where that one is set back, no time passes; where
 * it is set forward, the leap counts once.
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
