/** The learning rate of every step. @module */

/** How the learning rate runs over the steps. */
export type Schedule = "constant" | "triangular";

/** Every schedule, for checks and help texts. */
export const SCHEDULES: readonly Schedule[] = ["constant", "triangular"];

/** The options on which the rate of a step depends besides `learningRate`: a training that has begun must keep them. */
export const SCHEDULE_OPTIONS = {
  constant: [],
  triangular: ["epochs", "warmup"],
} as const satisfies Record<Schedule, readonly string[]>;

/** What a schedule needs to know. */
export interface ScheduleOptions {
  /** The schedule. */
  readonly schedule: Schedule;
  /** The rate of `constant`; the highest rate of `triangular`. */
  readonly learningRate: number;
  /** Share of the steps on which `triangular` rises. */
  readonly warmup: number;
}

/**
 * Gives the learning rate of a step.
 *
 *   constant:    learningRate
 *   triangular:  learningRate · min(step / rise, (steps + 1 - step) / (steps + 1 - rise)),  rise = max(1, warmup · steps)
 *
 * @param step number of the step, from 1
 * @param steps number of all steps, known in advance: training longer is a new schedule
 */
export function learningRateAt(step: number, steps: number, options: ScheduleOptions): number {
  const { schedule, learningRate, warmup } = options;
  if (schedule === "constant") return learningRate;
  const rise = Math.max(1, warmup * steps);
  return learningRate * Math.min(step / rise, (steps + 1 - step) / (steps + 1 - rise));
}
