/** Keeps the line of an event with samples within the longest that is read. @module */
import type { SamplesEvent } from "../training/events.ts";
import { MAX_LINE_CHARACTERS } from "./limits.ts";

/**
 * Leaves out the last samples of an event if its line would be too long to be read. Questions and answers of hundreds of symbols
 * are so long that a thousand do not fit.
 */
export function fitSamples(event: SamplesEvent): SamplesEvent {
  let length = JSON.stringify({ ...event, samples: [] }).length - 1; // the first sample has no comma before it
  const count = event.samples.findIndex((sample) => {
    length += 1 + JSON.stringify(sample).length;
    return length > MAX_LINE_CHARACTERS;
  });
  return count < 0 ? event : { ...event, samples: event.samples.slice(0, count) };
}
