/** Decides which steps are logged. @module */

/** Most steps that are logged. Of a longer training, every second step is logged, or every third, and so on. */
const MAX_STEPS = 100_000;

/** Gives the number of steps for each one that is logged. @param most most steps that are logged */
export function stepsPerLine(steps: number, most = MAX_STEPS): number {
  return Math.max(1, Math.ceil(steps / most));
}

/** Says whether a step is logged. @param most most steps that are logged */
export function isLogged(step: number, steps: number, most = MAX_STEPS): boolean {
  return step % stepsPerLine(steps, most) === 0 || step === steps;
}
