/** Gives the event loop turns during a long computation, so that signals, timers and servers keep working. @module */
import type { Clock } from "./clock.ts";
import { createSteadyClock } from "./steady_clock.ts";

/**
 * Longest time between two turns of the event loop, if each step of the computation is shorter. A turn takes about 2 ms. Other ways
 * to give a turn are faster, but signals and servers do not get one: `setImmediate` and messages of a channel.
 */
const SLICE_MS = 100;
/** After a step as long as this there are several turns at once: a signal may need several. */
const LONG_MS = 200;
const TURNS_AFTER_LONG = 4;

/** Makes a function to call between two steps. It gives the event loop a turn, if the last one was 100 ms ago or longer. */
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
