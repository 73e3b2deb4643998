/** How sure a character is, as a class; colour, line and text say the same. @module */

/** Three kinds: a solid, a dashed and a dotted line under the character. */
export type Certainty = "sure" | "unsure" | "guess";

/** Sorts a probability. */
export function certaintyOf(probability: number): Certainty {
  return probability >= 0.9 ? "sure" : probability >= 0.5 ? "unsure" : "guess";
}

/** Strength of a tint, 0 to 1, for a share of errors: a root and a least, for rare errors to be seen at all. */
export function errorStrength(errors: number, of: number): number {
  return errors === 0 ? 0 : 0.15 + 0.85 * Math.sqrt(errors / of);
}

/** Colours for runs that the style sheet has. */
export const RUN_COLORS = 8;

/** Name of a run's colour in the style sheet. */
export function runColor(run: number): string {
  return `--run-${run % RUN_COLORS}`;
}
