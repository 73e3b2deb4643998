/** Lets the event loop have its turn: signals, timers and pages wait for it. @module */

/** Longest time that training keeps the event loop to itself, where a step is shorter than that. */
const SLICE_MS = 25;

/** A clock: milliseconds from any origin, never going back. */
export type Clock = () => number;

/** Makes a function that gives the event loop a turn if it had none for a while. */
export function createPause(now: Clock): () => Promise<void> {
  let last = now();
  return async () => {
    if (now() - last < SLICE_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = now();
  };
}
