/** The runs whose learning curves are drawn. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { arrayRule, describeFound, isObject, objectRule, TEXT } from "../arguments/rule.ts";
import type { EpochMetrics } from "../training/metrics.ts";
import { MOST_RUNS } from "./curves_marks.ts";

/** A run whose curves are drawn. */
export interface CurvesRun {
  /** Its name in the picture. */
  readonly name: string;
  /** The metrics of its epochs, from the first on. */
  readonly history: readonly EpochMetrics[];
}

const ACTION = "draw learning curves";

/**
 * Checks runs before anything is drawn.
 *
 * @throws {TypeError} if they are not runs
 * @throws {RangeError} if the number of runs is not 1 to 30, a run has no epoch, or a metric is out of its range
 */
export function checkRuns(runs: readonly CurvesRun[]): void {
  checkValue(ACTION, "the runs", runs, arrayRule());
  if (runs.length < 1 || runs.length > MOST_RUNS) {
    throw new RangeError(
      `Cannot draw learning curves: there must be 1 to ${MOST_RUNS} runs, but there are ${runs.length}`,
    );
  }
  runs.forEach((run, i) => {
    checkValue(ACTION, `runs[${i}]`, run, objectRule());
    checkValue(ACTION, `the name of runs[${i}]`, run.name, TEXT);
    checkValue(ACTION, `the history of runs[${i}]`, run.history, arrayRule());
  });
  for (const { name, history } of runs) {
    const reason = history.length === 0
      ? "it must have at least one completed epoch, but has none"
      : history.map(findFault).find((fault) => fault !== undefined);
    if (reason === undefined) continue;
    throw new RangeError(`Cannot draw the learning curves of "${name}": ${reason}`);
  }
}

/** Describes the result of a run: the exact match of its last epoch. */
export function summarizeRun({ history }: CurvesRun): string {
  return `exact match ${(100 * history.at(-1)!.exactMatch).toFixed(2)} %`;
}

function findFault(metrics: EpochMetrics, i: number): string | undefined {
  if (!isObject(metrics)) {
    return `epoch ${i + 1} must be an object, but is ${describeFound(metrics)}`;
  }
  if (metrics.epoch !== i + 1) {
    return `epochs must be in order, but in the place of epoch ${i + 1} there is ${metrics.epoch}`;
  }
  for (const name of ["loss", "validationLoss"] as const) {
    if (Number.isFinite(metrics[name]) && metrics[name] >= 0) continue;
    return `${name} must be finite and not negative, but is ${metrics[name]} in epoch ${i + 1}`;
  }
  for (const name of ["characterAccuracy", "exactMatch"] as const) {
    if (metrics[name] >= 0 && metrics[name] <= 1) continue;
    return `${name} must be from 0 to 1, but is ${metrics[name]} in epoch ${i + 1}`;
  }
  return undefined;
}
