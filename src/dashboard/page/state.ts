/** What the page knows: every run, as the updates have told. @module */
import type { Learned } from "../../training/learned.ts";
import type { EpochRow, EpochSamples, RunStart, RunStatus, RunUpdate } from "../protocol.ts";

/** Columns of steps that grow. */
export interface GrowingColumns {
  readonly step: number[];
  readonly loss: number[];
  readonly characterAccuracy: number[];
  readonly learningRate: number[];
}

/** All that was told of one run. */
export interface RunView {
  readonly run: number;
  readonly name: string;
  /** Another number means another history: nothing drawn before holds. */
  readonly generation: number;
  readonly start: RunStart | undefined;
  /** Steps that a point of `steps` stands for. */
  readonly stepsPerPoint: number;
  readonly steps: GrowingColumns;
  readonly epochs: EpochRow[];
  readonly samples: EpochSamples[];
  readonly learned: Learned[];
  readonly status: RunStatus;
}

/** The runs by number, in the order in which they were told of. */
export interface PageState {
  readonly runs: Map<number, RunView>;
  /** Histories begun so far. */
  generation: number;
}

/** Knows nothing. */
export function createState(): PageState {
  return { runs: new Map(), generation: 0 };
}

/** Takes an update in: a reset begins a run anew, anything else is added to it. */
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

/** Names the run that a view shows: where the name changes, another run has taken its place. */
export function identityOf({ run, start }: Pick<RunView, "run" | "start">): string {
  return `${run} ${start?.runId}`;
}

/** Forgets every run: another server may show others. */
export function forgetRuns(state: PageState): void {
  state.runs.clear();
}

/** Steps of an epoch, by the run's own figures; 1 where nothing is known. */
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

/** Adds one by one: a spread of 100,000 values would overflow the stack. */
function append<T>(to: T[], values: readonly T[]): void {
  for (const value of values) to.push(value);
}
