/** The runs that the page knows from the updates. @module */
import type { Learned } from "../../evaluation/learned.ts";
import type { EpochRow, EpochSamples, RunStart, RunStatus, RunUpdate } from "../protocol.ts";

/** Columns of steps that new values are added to. */
export interface GrowingColumns {
  readonly step: number[];
  readonly loss: number[];
  readonly characterAccuracy: number[];
  readonly learningRate: number[];
}

/** Everything that the page knows of a run. */
export interface RunView {
  readonly run: number;
  readonly name: string;
  /** Another number means another history: everything must be drawn again. */
  readonly generation: number;
  readonly start: RunStart | undefined;
  /** Steps that one point of `steps` stands for. */
  readonly stepsPerPoint: number;
  readonly steps: GrowingColumns;
  readonly epochs: EpochRow[];
  readonly samples: EpochSamples[];
  readonly learned: Learned[];
  readonly status: RunStatus;
}

/** The runs by number, in the order in which they became known. */
export interface PageState {
  readonly runs: Map<number, RunView>;
  /** Number of histories so far. */
  generation: number;
}

/** Makes a state without a run. */
export function createState(): PageState {
  return { runs: new Map(), generation: 0 };
}

/** Applies an update: a `reset` replaces the history of its run, any other update is added to it. */
export function applyUpdate(state: PageState, update: RunUpdate): void {
  const known = update.reset ? undefined : state.runs.get(update.run);
  const run = known ?? beginRun(++state.generation, update);
  const { step, loss, characterAccuracy, learningRate } = update.steps ?? NO_STEPS;
  append(run.steps.step, step);
  append(run.steps.loss, loss);
  append(run.steps.characterAccuracy, characterAccuracy);
  append(run.steps.learningRate, learningRate);
  append(run.epochs, update.epochs ?? []);
  append(run.samples, update.samples ?? []);
  append(run.learned, update.learned ?? []);
  state.runs.set(update.run, {
    ...run,
    name: update.name,
    start: update.start ?? run.start,
    stepsPerPoint: update.stepsPerPoint ?? run.stepsPerPoint,
    status: update.status,
  });
}

/** Gives the identity of the run that a view shows. If it changes, another run has taken its place. */
export function identityOf({ run, start }: Pick<RunView, "run" | "start">): string {
  return `${run} ${start?.runId}`;
}

/** Removes every run: another server may show other runs. */
export function forgetRuns(state: PageState): void {
  state.runs.clear();
}

/** Gives the steps of an epoch; 1 if nothing is known of the run. */
export function stepsPerEpoch(run: Pick<RunView, "start" | "status">): number {
  const { start, status } = run;
  if (start === undefined) return 1;
  const { epochs, batchSize } = start.training;
  const told = status.steps / epochs;
  return Number.isInteger(told) && told > 0
    ? told
    : Math.max(1, Math.ceil(start.trainingExamples / batchSize));
}

const NO_STEPS = { step: [], loss: [], characterAccuracy: [], learningRate: [] };

function beginRun(generation: number, { run, name, status }: RunUpdate): RunView {
  return {
    run,
    name,
    generation,
    start: undefined,
    stepsPerPoint: 1,
    steps: { step: [], loss: [], characterAccuracy: [], learningRate: [] },
    epochs: [],
    samples: [],
    learned: [],
    status,
  };
}

/** Adds values one by one: a spread of 100,000 values would overflow the stack. */
function append<T>(to: T[], values: readonly T[]): void {
  for (const value of values) to.push(value);
}
