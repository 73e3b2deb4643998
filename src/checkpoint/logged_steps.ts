/** Decides which steps are logged. @module */

/** Most steps that are logged. Of a longer training, every second step is logged, or every third, and so on. */
const MAX_STEPS = 100_000;

/** Gives the number of steps for each one that is logged. */
export function stepsPerLine(steps: number): number {
  return Math.max(1, Math.ceil(steps / MAX_STEPS));
}

/** Says whether a step is logged. */
export function isLogged(step: number, steps: number): boolean {
  return step % stepsPerLine(steps) === 0 || step === steps;
}
