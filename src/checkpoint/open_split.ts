/** Makes the split of a checkpoint, or of settings, again. @module */
import { prepareSplit } from "../dataset/prepare_split.ts";
import type { OrderOptions } from "../dataset/order.ts";
import type { Split } from "../dataset/split.ts";
import type { ModelConfig } from "../network/config.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import { createProblem } from "../problem/registry.ts";
import { isPairs } from "../problem/pairs/settings.ts";
import type { TurnOptions } from "../time/slices.ts";
import { openPairSplit } from "./open_pairs.ts";

/** What determines a split. A checkpoint has it, and so do the settings of a run. */
export interface SplitSettings {
  /** The problem. */
  readonly problem: ProblemSettings;
  /** The model, whose layout the examples have. */
  readonly model: ModelConfig;
  /** How examples are taken. */
  readonly training: OrderOptions;
}

/**
 * Makes the training and the validation side of a problem. The same settings give the same split. Progress is counted in examples,
 * or in bytes of each file of pairs.
 *
 * @throws {Error} if the examples cannot be made, with the reason
 * @throws the signal's reason, if it aborts
 */
export async function openSplit(
  { problem: settings, model, training }: SplitSettings,
  turns: TurnOptions = {},
): Promise<Split> {
  if (isPairs(settings)) return await openPairSplit(settings, model, turns);
  const { generated } = createProblem(settings, model);
  if (generated === undefined) {
    throw new Error(`Cannot make examples: the problem ${settings.name} makes none itself`);
  }
  return await prepareSplit({ generated, layout: model, seed: settings.seed, training }, turns);
}
