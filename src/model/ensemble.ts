/** Several models that answer as one. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { choice, describeFound } from "../arguments/rule.ts";
import { findDifference } from "../codec/layout.ts";
import { showAs } from "../display/display.ts";
import { type Combination, COMBINATIONS } from "./combine.ts";
import { createEnsembleExecutor } from "./ensemble_executor.ts";
import { checkModel } from "./in_use.ts";
import type { Model } from "./model.ts";
import { viewModel } from "./view_model.ts";

/**
 * Several models that answer as one. `predict()`, `evaluate()` and `assess()` take it as a model; it cannot be trained. Disposing of
 * it disposes of its models.
 */
export interface Ensemble extends Model {
  /** The models. */
  readonly models: readonly Model[];
  /** How their answers are combined. */
  readonly combine: Combination;
}

/** How models answer together. */
export interface EnsembleOptions {
  /**
   * How answers are combined.
   *
   * - `mean`, the default: by the mean of the models' probabilities at every symbol
   * - `vote`: the answer that most models give alone; of several, the one whose models are the surest together
   */
  readonly combine?: Combination;
}

const ACTION = "make an ensemble";
/** Most models of an ensemble. */
export const MAX_ENSEMBLE = 100;

const RULES: Rules<EnsembleOptions> = { combine: choice(COMBINATIONS) };

/**
 * Makes an ensemble of models, such as several seeds of one configuration. Its configuration and device are those of the first.
 *
 * @throws {TypeError} if there is no model, or one is none, or their layouts or decoders differ
 * @throws {RangeError} if an option has a wrong value, or there are more than 100 models
 * @throws {Error} if a model was disposed of
 * @example
 * ```ts
 * import { characterLayout, chooseDevice, createEnsemble, createModel, predict } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * const device = await chooseDevice("cpu");
 * const layout = characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true });
 * const config = { cell: "gru", hiddenSize: 8, layers: 1, ...layout } as const;
 * using ensemble = createEnsemble([
 *   await createModel(config, { device, seed: 1 }),
 *   await createModel(config, { device, seed: 2 }),
 * ]);
 * const [prediction] = await predict(ensemble, ["12+34"]);
 * assertEquals([0, 0.5, 1].includes(prediction!.agreement!), true); // share of models that give this answer alone
 * ```
 */
export function createEnsemble(models: readonly Model[], options: EnsembleOptions = {}): Ensemble {
  const { combine } = resolveOptions(options, {
    ...{ action: ACTION, rules: RULES, defaults: { combine: "mean" as const } },
  });
  const members = checkMembers(models);
  const [first] = members as readonly [Model];
  const { config, source, target, device } = first;
  const { network } = first.executor;
  const executor = createEnsembleExecutor(members.map((each) => each.executor), {
    ...{ combine, length: target.length, size: target.size },
    end: network.decoder === "attention" ? network.targetPadding : null,
  });
  return showAs<Ensemble>({
    ...{ config, source, target, device, executor, models: members, combine },
    [Symbol.dispose]: () => members.forEach((each) => each[Symbol.dispose]()),
  }, viewModel);
}

/** Says whether a model is an ensemble. */
export function isEnsemble(model: Model): model is Ensemble {
  return Object.hasOwn(model, "models");
}

/** Checks that models can answer together; gives a copy of the list. */
function checkMembers(models: readonly Model[]): readonly Model[] {
  if (!Array.isArray(models) || models.length === 0) {
    throw new TypeError(
      `Cannot ${ACTION}: its models must be a list of at least one, but are ${
        describeFound(models)
      }`,
    );
  }
  if (models.length > MAX_ENSEMBLE) {
    throw new RangeError(
      `Cannot ${ACTION}: it must have at most ${MAX_ENSEMBLE} models, but has ${models.length}`,
    );
  }
  const members: readonly Model[] = [...models];
  for (const model of members) checkModel(ACTION, model);
  const [{ config: wanted }] = members as readonly [Model];
  for (const [i, { config }] of members.entries()) {
    const field = (["source", "target"] as const).find((side) =>
      findDifference(wanted[side], config[side]) !== undefined
    ) ?? (wanted.decoder === config.decoder ? undefined : "decoder");
    if (field === undefined) {
      continue;
    }
    throw new TypeError(
      `Cannot ${ACTION}: all models must have the same ${field}, but the models 1 and ${
        i + 1
      } differ`,
    );
  }
  return members;
}
