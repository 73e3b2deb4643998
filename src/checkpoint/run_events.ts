/** What the log of a run and `train --json` say, an object a line. @module */
import type { ModelConfig } from "../model/config.ts";
import type { AdditionProblem } from "../problem/addition.ts";
import type { AnswersEvent, EndEvent, EndReason, TrainingEvent } from "../training/events.ts";
import type { Learned } from "../training/learned.ts";
import type { TrainingOptions } from "../training/options.ts";

/** Training begins, or goes on after a step. */
export interface StartEvent {
  /** Kind of the event. */
  readonly event: "start";
  /** Where the run is. */
  readonly run: string;
  /** Identity of the run, as its checkpoints have it; `null` in a log written before runs had one. */
  readonly runId: string | null;
  /** What computes, and why. */
  readonly backend: { readonly name: string; readonly reason: string };
  /** What is learnt. */
  readonly problem: AdditionProblem;
  /** The model's shape. */
  readonly model: ModelConfig;
  /** How it is trained. */
  readonly training: TrainingOptions;
  /** Numbers that the model learns. */
  readonly parameters: number;
  /** Examples trained on. */
  readonly trainingExamples: number;
  /** Examples held back. */
  readonly validationExamples: number;
  /** Steps taken before. */
  readonly step: number;
}

/** Training is over, for a reason of its own or because it could not go on. */
export interface RunEndEvent extends Omit<EndEvent, "reason"> {
  /** What ended it; `nonFiniteLoss` and `error`: it failed. */
  readonly reason: EndReason | "nonFiniteLoss" | "error";
  /** The newest checkpoint. */
  readonly checkpoint: string;
}

/** What an epoch has learned. */
export interface LearnedEvent extends Learned {
  /** Kind of the event. */
  readonly event: "learned";
}

/** What is logged of a training. */
export type RunEvent =
  | StartEvent
  | Exclude<TrainingEvent, AnswersEvent | EndEvent>
  | LearnedEvent
  | RunEndEvent;
