/** The history of a run in memory, and what is new in it since a cursor. @module */
import { isLogged, stepsPerLine } from "../checkpoint/logged_steps.ts";
import type { RunEndEvent, RunEvent, StartEvent } from "../checkpoint/run_events.ts";
import type { Clock } from "../time/clock.ts";
import type { StepEvent } from "../training/events.ts";
import type { Learned } from "../evaluation/learned.ts";
import { createPace, type Pace } from "../training/pace.ts";
import type { EpochRow, EpochSamples, RunStart, RunState, RunStatus } from "./protocol.ts";
import type { Cursor, News, RunNews } from "./watched_run.ts";

/** A history that events are added to. */
export interface RunHistory extends RunNews {
  /** Adds an event. `past` means that it happened before this process looked, so that it does not count for the speed. */
  record(event: RunEvent, past?: "past"): void;
  /** Makes a run that is trained `silent` until its next event. */
  suspectSilence(): void;
  /** Forgets everything: another history begins. */
  clear(): void;
}

const STATE_OF_REASON: Record<RunEndEvent["reason"], RunState> = {
  epochs: "ended",
  stopAt: "ended",
  patience: "ended",
  interrupted: "interrupted",
  nonFiniteLoss: "failed",
  error: "failed",
};

/** Makes the empty history of a run. */
export function createRunHistory(path: string, now: Clock): RunHistory {
  const name = path.split("/").filter((part) => part !== "").at(-1) ?? path;
  let version = 0;
  let generation = 0;
  let told = emptyRecords();
  let pace = createPace(now);

  function since(cursor: Cursor | undefined): News | undefined {
    if (cursor?.version === version) return undefined;
    const reset = cursor?.generation !== generation;
    const [steps, epochs, samples, learned] = reset ? [0, 0, 0, 0] : cursor.told;
    const { start, starts } = told;
    const update = {
      run: 0,
      name,
      ...(reset && { reset: true as const }),
      ...(start && (reset || cursor.starts !== starts) && { start }),
      ...(told.steps > 0 && { stepsPerPoint: stepsPerLine(told.steps) }),
      ...(told.step.length > steps && {
        steps: {
          step: told.step.slice(steps),
          loss: told.loss.slice(steps),
          characterAccuracy: told.characterAccuracy.slice(steps),
          learningRate: told.learningRate.slice(steps),
        },
      }),
      ...(told.epochs.length > epochs && { epochs: told.epochs.slice(epochs) }),
      ...(told.samples.length > samples && { samples: told.samples.slice(samples) }),
      ...(told.learned.length > learned && { learned: told.learned.slice(learned) }),
      status: describeStatus(told, pace),
    };
    const counts: Cursor["told"] = [
      told.step.length,
      told.epochs.length,
      told.samples.length,
      told.learned.length,
    ];
    return { update, cursor: { generation, starts, told: counts, version } };
  }

  return {
    get version(): number {
      return version;
    },
    since,
    record(event, past): void {
      version++;
      if (event.event === "step" && past === undefined) pace.record(event.step);
      if (told.state === "silent") told.state = "training";
      recordEvent(told, event);
      if (event.event === "start") pace = createPace(now);
    },
    suspectSilence(): void {
      if (told.state !== "training" && told.state !== "waiting") return;
      version++;
      told.state = "silent";
    },
    clear(): void {
      version++;
      generation++;
      told = emptyRecords();
      pace = createPace(now);
    },
  };
}

interface Records {
  state: RunState;
  reason: string | null;
  start: RunStart | undefined;
  starts: number;
  lastStep: number;
  /** Steps of the whole training; 0 before its start. */
  steps: number;
  readonly step: number[];
  readonly loss: number[];
  readonly characterAccuracy: number[];
  readonly learningRate: number[];
  readonly epochs: EpochRow[];
  readonly samples: EpochSamples[];
  readonly learned: Learned[];
}

function emptyRecords(): Records {
  return {
    state: "waiting",
    reason: null,
    start: undefined,
    starts: 0,
    lastStep: 0,
    steps: 0,
    step: [],
    loss: [],
    characterAccuracy: [],
    learningRate: [],
    epochs: [],
    samples: [],
    learned: [],
  };
}

function recordEvent(to: Records, event: RunEvent): void {
  switch (event.event) {
    case "start":
      to.start = describeStart(event);
      to.starts++;
      to.state = "training";
      to.reason = null;
      to.lastStep = event.step;
      to.steps ||= countSteps(event);
      break;
    case "step":
      to.lastStep = event.step;
      to.steps = event.steps;
      if (isLogged(event.step, event.steps)) recordStep(to, event);
      break;
    case "epoch": {
      const { event: _, ...row } = event;
      to.epochs.push(row);
      break;
    }
    case "samples":
      to.samples.push({ epoch: event.epoch, samples: event.samples });
      break;
    case "learned": {
      const { event: _, ...learned } = event;
      to.learned.push(learned);
      break;
    }
    case "end":
      to.state = STATE_OF_REASON[event.reason];
      to.reason = event.reason;
      break;
  }
}

/** Counts the steps of a training, before a step says it: a checkpoint alone has no steps. */
function countSteps({ trainingExamples, training: { batchSize, epochs } }: StartEvent): number {
  return Math.ceil(trainingExamples / batchSize) * epochs;
}

function recordStep(to: Records, event: StepEvent): void {
  to.step.push(event.step);
  to.loss.push(round(event.loss));
  to.characterAccuracy.push(round(event.characterAccuracy));
  to.learningRate.push(round(event.learningRate));
}

/** Rounds to six digits: more than a curve shows, and half as much to send. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}

function describeStart({ event: _, step: __, ...start }: StartEvent): RunStart {
  return start;
}

function describeStatus(told: Records, pace: Pace): RunStatus {
  const { state, reason, lastStep: step, steps, start } = told;
  const stepsPerSecond = state === "training" ? pace.stepsPerSecond() : null;
  return {
    state,
    reason,
    step,
    steps,
    examplesPerSecond: stepsPerSecond === null || start === undefined
      ? null
      : stepsPerSecond * start.training.batchSize,
    leftMs: stepsPerSecond === null ? null : 1000 * (steps - step) / stepsPerSecond,
  };
}
