/** Classes and colours for probabilities, shares and runs. @module */

/** Class of a probability: a solid, a dashed or a dotted line is under the character. */
export type Certainty = "sure" | "unsure" | "guess";

/** Gives the class of a probability. */
export function certaintyOf(probability: number): Certainty {
  return probability >= 0.9 ? "sure" : probability >= 0.5 ? "unsure" : "guess";
}

/** Gives the strength of a tint, from 0 to 1, for a share of errors. The root and the minimum make rare errors visible. */
export function errorStrength(errors: number, of: number): number {
  return errors === 0 ? 0 : 0.15 + 0.85 * Math.sqrt(errors / of);
}

/** Number of colours for runs in the style sheet. */
export const RUN_COLORS = 8;

/** Gives the name of the colour of a run in the style sheet. */
export function runColor(run: number): string {
  return `--run-${run % RUN_COLORS}`;
}
