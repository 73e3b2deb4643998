/** Shows a training in a notebook while it runs. @module */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { functionRule, numberRule, objectRule } from "../arguments/rule.ts";
import { CLOCK, type Clock } from "../time/clock.ts";
import type { FitEvent } from "../training/fit_events.ts";
import { type ProgressView, writeProgress } from "./write_progress.ts";

/** Shows something in a notebook, as `Deno.jupyter.display` does. */
export type DisplayFunction = (
  content: unknown,
  options: { readonly raw: boolean; readonly update: boolean; readonly display_id: string },
) => Promise<void>;

/** How to show a training. */
export interface LiveProgressOptions {
  /** Least time between two steps that are shown, in milliseconds. Epochs and the end are always shown. Default 500. */
  readonly everyMs?: number;
  /** Measures time. Default: the platform's monotonic clock. */
  readonly now?: Clock;
}

/** The progress of a training in a notebook. */
export interface LiveProgress {
  /** Takes an event of `train()` or `fit()`, and shows what is new. It resolves when the notebook has it. */
  readonly take: (event: FitEvent) => Promise<void>;
}

const ACTION = "show a training";

const RULES: Rules<LiveProgressOptions> = {
  everyMs: numberRule("0 or more", (value) => value >= 0),
  now: CLOCK,
};

/**
 * Shows a training below a cell while it runs: a bar, the figures of the newest epoch, the curves of all epochs, and answers to some
 * questions. It is replaced as the training goes on, and stays when the training has ended.
 *
 * @param display shows something: `Deno.jupyter.display`
 * @throws {TypeError | RangeError} if an argument or an option is wrong
 * @example In a notebook, `display` is `Deno.jupyter.display`
 * ```ts
 * import { type Example, fit } from "@carry/seq2seq";
 * import { createLiveProgress, type DisplayFunction } from "@carry/seq2seq/notebook";
 *
 * async function fitWatched(pairs: Example[], display: DisplayFunction): Promise<void> {
 *   const progress = createLiveProgress(display);
 *   using fitted = await fit(pairs, { onEvent: progress.take });
 *   console.log(fitted.evaluation.exactMatch);
 * }
 * ```
 */
export function createLiveProgress(
  display: DisplayFunction,
  options: LiveProgressOptions = {},
): LiveProgress {
  checkValue(ACTION, "the display", display, functionRule());
  const { everyMs, now } = resolveOptions(options, {
    ...{ action: ACTION, rules: RULES },
    defaults: { everyMs: 500, now: () => performance.now() },
  });
  const begun = now();
  const id = `carry-progress-${begun}`; // several cells may show a training each
  let view: ProgressView = { elapsedMs: 0, history: [], samples: [] };
  let shownAt: number | undefined;

  async function take(event: FitEvent): Promise<void> {
    checkValue(ACTION, "the event", event, objectRule());
    view = addEvent(view, event);
    const time = now();
    if (event.event === "begin" || event.event === "answers") return;
    if (event.event === "step" && shownAt !== undefined && time - shownAt < everyMs) return;
    const update = shownAt !== undefined;
    shownAt = time;
    await display(writeProgress({ ...view, elapsedMs: time - begun }), {
      ...{ raw: true, update, display_id: id },
    });
  }
  return { take };
}

/** Gives what is to be shown after an event. */
function addEvent(view: ProgressView, event: FitEvent): ProgressView {
  switch (event.event) {
    case "step":
      return { ...view, step: event };
    case "epoch":
      return { ...view, history: [...view.history, event] };
    case "samples":
      return { ...view, samples: event.samples };
    case "end":
      return { ...view, reason: event.reason };
    default:
      return view;
  }
}
