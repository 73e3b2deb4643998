/** How much time is left. @module */
import type { Clock } from "../backend/pause.ts";
import { createSteadyClock } from "../backend/steady_clock.ts";
import type { StepEvent } from "../training/events.ts";

/** Makes a function that estimates the milliseconds left after a step, from the steps of this process. */
export function createPace(
  now: Clock,
): (event: Pick<StepEvent, "step" | "steps">) => number | undefined {
  const clock = createSteadyClock(now);
  let first: { step: number; at: number } | undefined;
  return ({ step, steps }) => {
    const at = clock();
    first ??= { step, at };
    if (step === first.step) return undefined;
    return ((at - first.at) / (step - first.step)) * (steps - step);
  };
}
