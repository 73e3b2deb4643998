/** Gives the event loop turns during a long computation, so that signals, timers and servers keep working. @module */
import type { Clock } from "./clock.ts";
import { createSteadyClock } from "./steady_clock.ts";

/** Longest time between two turns of the event loop, if each step of the computation is shorter. */
const SLICE_MS = 50;
/** After a step as long as this there are several turns at once: a signal may need several. A turn takes 1 to 2 ms. */
const LONG_MS = 4 * SLICE_MS;
const TURNS_AFTER_LONG = 4;

/** Makes a function to call between two steps. It gives the event loop a turn, if the last one was 50 ms ago or longer. */
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
