/** Checks that a model can search for answers as it is asked to. @module */
import { isEnsemble } from "./ensemble.ts";
import type { FindPlan } from "./find_answers.ts";
import type { Model } from "./model.ts";

/**
 * Checks that a model can search.
 *
 * @param action follows "Cannot" in an error: `predict`
 * @throws {RangeError} if attention is asked for and it has none, or it is an ensemble that votes
 */
export function checkAbilities(
  action: string,
  model: Model,
  { beam, attention }: Pick<FindPlan, "beam" | "attention">,
): void {
  const { decoder } = model.config;
  const how = attention ? "attention" : "a beam";
  if (attention && decoder !== "attention") {
    throw new RangeError(
      `Cannot ${action} with ${how}: the model must have the decoder attention, but has the decoder ${decoder}`,
    );
  }
  if ((beam > 1 || attention) && isEnsemble(model) && model.combine === "vote") {
    throw new RangeError(
      `Cannot ${action} with ${how}: an ensemble must combine its models by mean, but combines them by vote`,
    );
  }
}
