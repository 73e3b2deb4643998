/** Long computations in slices: the same code runs at once, or gives the event loop its turns and can be stopped. @module */
import type { Rules } from "../arguments/resolve_options.ts";
import { functionRule, optional, SIGNAL } from "../arguments/rule.ts";
import { CLOCK, type Clock, createPause } from "./pause.ts";

/**
 * A computation in slices of a few milliseconds. It yields how much is done at the end of every slice, and returns its
 * result. It frees what it holds in a `finally`: it may be stopped at any slice.
 */
export type Sliced<Result> = Generator<number, Result, void>;

/** How a long computation reports its progress, and what stops it. */
export interface TurnOptions {
  /** Called some times a second with how much is done, and of how much. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Stops the computation; nothing of it remains. */
  readonly signal?: AbortSignal;
  /** Default: the platform's monotonic clock. */
  readonly now?: Clock;
}

/** What {@linkcode TurnOptions} must be. */
export const TURN_RULES: Rules<TurnOptions> = {
  onProgress: optional(functionRule()),
  signal: optional(SIGNAL),
  now: optional(CLOCK),
};

/** Runs a computation as a part of another one, which counts its progress in its own unit. */
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
    work.return(undefined as never); // no effect where it is at its end
  }
}

/** Runs a computation to its end and keeps the thread to itself until then. */
export function runAtOnce<Result>(work: Sliced<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/**
 * Runs a computation to its end. Timers, signals and servers have their turns meanwhile.
 *
 * @param of what the computation yields when everything is done
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
    work.return(undefined as never); // no effect where it is at its end
  }
}
