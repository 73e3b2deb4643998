/** Computations over many rows, in ranges, with turns of the event loop between them. @module */
import { createPause } from "./pause.ts";
import type { TurnOptions } from "./slices.ts";

/** The work on ranges of rows. */
export interface RangeWork<Result> {
  /** Number of all rows. */
  readonly count: number;
  /** Most rows of a range. */
  readonly size: number;
  /** Called before every range. What it throws ends the computation. */
  check(): void;
  /** Begins to compute a range. */
  compute(from: number, to: number): Promise<Result>;
  /** Takes the results, in the order of the ranges. */
  take(result: Result, from: number): void;
}

/**
 * Computes all ranges, in their order. The next range begins before the result of the last one is there, so that a device does not
 * wait for its results to be read. Timers, signals and servers keep working meanwhile. Progress is counted in rows.
 *
 * @throws the signal's reason, if it aborts
 */
export async function computeRanges<Result>(
  work: RangeWork<Result>,
  { onProgress, signal, now = () => performance.now() }: TurnOptions = {},
): Promise<void> {
  const { count, size } = work;
  const pause = createPause(now);
  const finish = async ({ from, to, result }: StartedRange<Result>): Promise<void> => {
    work.take(await result, from);
    onProgress?.(to, count);
  };
  let started: StartedRange<Result> | undefined;
  for (let from = 0; from < count; from += size) {
    signal?.throwIfAborted();
    work.check();
    const to = Math.min(count, from + size);
    const result = work.compute(from, to);
    result.catch(() => {}); // it may fail while an earlier one fails, and then nobody waits for it
    if (started !== undefined) await finish(started);
    started = { from, to, result };
    await pause();
  }
  if (started !== undefined) await finish(started);
}

interface StartedRange<Result> {
  readonly from: number;
  readonly to: number;
  readonly result: Promise<Result>;
}
