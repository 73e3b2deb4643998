/**
 * Long computations in slices. The same code runs either at once, or with turns of the event loop between the slices and
 * with a signal that can stop it.
 *
 * @module
 */
import type { Rules } from "../arguments/resolve_options.ts";
import { functionRule, optional, SIGNAL } from "../arguments/rule.ts";
import { CLOCK, type Clock } from "./clock.ts";
import { createPause } from "./pause.ts";

/**
 * A computation in slices of a few milliseconds. After every slice it yields the amount of work done so far; at the end it
 * returns its result. It may be stopped after any slice, so it frees its resources in a `finally`.
 */
export type Sliced<Result> = Generator<number, Result, void>;

/** How a long computation reports its progress and how it is stopped. */
export interface TurnOptions {
  /** Called several times a second with the work that is done and all the work, in the unit that the function names. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Stops the computation, which throws the signal's reason and frees its memory. */
  readonly signal?: AbortSignal;
  /** Measures the time between turns of the event loop. Default: the platform's monotonic clock. */
  readonly now?: Clock;
}

/** The rules for {@linkcode TurnOptions}. */
export const TURN_RULES: Rules<TurnOptions> = {
  onProgress: optional(functionRule()),
  signal: optional(SIGNAL),
  now: optional(CLOCK),
};

/** Runs a computation as a part of another one, and converts its progress to the unit of the other one. */
export function* scaleProgress<Result>(
  work: Sliced<Result>,
  scale: (done: number) => number,
): Sliced<Result> {
  try {
    for (;;) {
      const { done, value } = work.next();
      if (done) return value;
      yield scale(value);
    }
  } finally {
    work.return(undefined as never); // no effect if it has ended
  }
}

/** Runs a computation to its end, without turns of the event loop. */
export function runAtOnce<Result>(work: Sliced<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/**
 * Runs a computation to its end. Timers, signals and servers keep working meanwhile.
 *
 * @param of all the work, in the unit of what the computation yields
 * @throws the signal's reason, if it aborts
 */
export async function runInTurns<Result>(
  work: Sliced<Result>,
  of: number,
  options: TurnOptions = {},
): Promise<Result> {
  const { onProgress, signal, now = () => performance.now() } = options;
  signal?.throwIfAborted();
  const pause = createPause(now);
  try {
    for (;;) {
      const { done, value } = work.next();
      onProgress?.(done ? of : value, of);
      if (done) return value;
      await pause();
      signal?.throwIfAborted();
    }
  } finally {
    work.return(undefined as never); // no effect if it has ended
  }
}
