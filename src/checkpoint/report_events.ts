/** Converts what a training reports to the events of its run, which are logged and shown. @module */
import type { Split } from "../dataset/split.ts";
import { groupExamples, type LearnedGrouping } from "../evaluation/learned.ts";
import { countModelParameters } from "../model/create_model.ts";
import type { Problem } from "../problem/problem.ts";
import type { Settings } from "../training/choose_settings.ts";
import type { TrainingEvent } from "../training/events.ts";
import type { TrainingProgress } from "../training/progress.ts";
import type { Training } from "../training/training.ts";
import { fitSamples } from "./fit_samples.ts";
import type { RunEndEvent, RunEvent, StartEvent } from "./run_events.ts";

/** Converts an event. `checkpoint` is the path of the newest checkpoint. */
export type EventTranslator = (event: TrainingEvent, checkpoint: string) => Promise<RunEvent>;

/** Makes the function that converts the events of a training. */
export function createTranslator(
  { validation }: Split,
  { groupings }: Problem,
): EventTranslator {
  let grouping: LearnedGrouping | undefined;
  return async (event, checkpoint) => {
    if (event.event === "end") return { ...event, checkpoint };
    if (event.event === "samples") return fitSamples(event);
    if (event.event !== "answers") return event;
    grouping ??= await groupExamples(validation, groupings);
    return { event: "learned", ...grouping.measure(event.epoch, event.answers) };
  };
}

/** What trains. */
export interface Trainer {
  readonly split: Split;
  readonly training: Training;
}

/** Makes the `start` event of a training that begins, or that continues from its progress. */
export function describeStart(
  { path, runId }: { readonly path: string; readonly runId: string },
  { problem, model, training: options }: Settings,
  { split, training }: Trainer,
): StartEvent {
  const { backend: name, ...report } = training.model.executor.report;
  return {
    event: "start",
    run: path,
    runId,
    backend: { name, ...report },
    problem,
    model,
    training: options,
    parameters: countModelParameters(model),
    trainingExamples: split.training.count,
    validationExamples: split.validation.count,
    step: training.progress.step,
  };
}

/** Makes the `end` event. */
export function describeEnd(
  reason: RunEndEvent["reason"],
  { history }: TrainingProgress,
  checkpoint: string,
): RunEndEvent {
  const exactMatch = history.at(-1)?.exactMatch ?? null;
  return { event: "end", reason, epochs: history.length, exactMatch, checkpoint };
}
