/** Measures how fast steps are taken, over the last few seconds. @module */
import type { Clock } from "../time/clock.ts";
import { createSteadyClock } from "../time/steady_clock.ts";

/** The speed of a training. It reads the clock at every step. */
export interface Pace {
  /** Notes that a step was taken. */
  record(step: number): void;
  /** Gives the steps a second; null before there are two steps. */
  stepsPerSecond(): number | null;
}

/** Length of time that is averaged over, in milliseconds. */
const WINDOW_MS = 5000;
/** Shortest time between two marks, in milliseconds, so that few marks cover the window. */
const MARK_MS = 250;

/** Makes a pace. */
export function createPace(now: Clock): Pace {
  const clock = createSteadyClock(now); // fault point: clock of the pace
  let marks: { readonly step: number; readonly atMs: number }[] = [];
  let last: { readonly step: number; readonly atMs: number } | undefined;
  return {
    record(step): void {
      last = { step, atMs: clock() };
      const before = marks.at(-1);
      if (before !== undefined && last.atMs - before.atMs < MARK_MS) return;
      marks.push(last);
      const from = last.atMs - WINDOW_MS;
      while (marks.length > 2 && marks[1]!.atMs < from) marks = marks.slice(1);
    },
    stepsPerSecond(): number | null {
      const first = marks[0];
      if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
      return 1000 * (last.step - first.step) / (last.atMs - first.atMs);
    },
  };
}
