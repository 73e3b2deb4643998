/** The learning rate of every step. @module */

/**
 * How the learning rate changes over the steps.
 *
 * - `constant`: it does not change
 * - `triangular`: it rises evenly to its highest value, then falls evenly towards 0
 * - `flat`: it rises evenly to its highest value, stays there until 60 % of the steps, then falls evenly towards 0
 * - `cosine`: it rises evenly to its highest value, then falls towards 0 as half a wave of a cosine (Loshchilov & Hutter 2017)
 */
export type Schedule = "constant" | "triangular" | "flat" | "cosine";

/** Every schedule, for checks and help texts. */
export const SCHEDULES: readonly Schedule[] = ["constant", "triangular", "flat", "cosine"];

/** The options that the rate of a step depends on besides `learningRate`. A training that has begun must keep them. */
export const SCHEDULE_OPTIONS = {
  constant: [],
  triangular: ["epochs", "warmup"],
  flat: ["epochs", "warmup"],
  cosine: ["epochs", "warmup"],
} as const satisfies Record<Schedule, readonly string[]>;

/** The options that the learning rate depends on. */
export interface ScheduleOptions {
  /** The schedule. */
  readonly schedule: Schedule;
  /** The rate of `constant`; the highest rate of the others. */
  readonly learningRate: number;
  /** Share of the steps during which the others than `constant` rise, from 0 to 1. */
  readonly warmup: number;
}

/** Share of the steps after which `flat` falls. */
const FLAT_END = 0.6;

/**
 * Gives the learning rate of a step.
 *
 *   constant:    learningRate
 *   triangular:  learningRate · min(step / rise, (steps + 1 - step) / (steps + 1 - rise)),  rise = max(1, warmup · steps)
 *   flat:        learningRate · min(1, step / rise, (steps + 1 - step) / (steps + 1 - fall)),  fall = max(rise, 0.6 · steps)
 *   cosine:      learningRate · min(step / rise, (1 - cos(π · left)) / 2),  left = min(1, (steps + 1 - step) / (steps + 1 - rise))
 *
 * @param step number of the step, from 1
 * @param steps number of all steps, which must be known in advance
 */
export function learningRateAt(step: number, steps: number, options: ScheduleOptions): number {
  const { schedule, learningRate, warmup } = options;
  if (schedule === "constant") return learningRate;
  const rise = Math.max(1, warmup * steps);
  const fall = schedule === "flat" ? Math.max(rise, FLAT_END * steps) : rise;
  const left = Math.min(1, (steps + 1 - step) / (steps + 1 - fall));
  const falling = schedule === "cosine" ? (1 - Math.cos(Math.PI * left)) / 2 : left;
  return learningRate * Math.min(step / rise, falling);
}
