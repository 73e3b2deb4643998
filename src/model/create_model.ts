/** From a configuration to a model on the device. @module */
import type * as tf from "@tensorflow/tfjs";
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { arrayRule, optional, SEED } from "../arguments/rule.ts";
import { ensureBackend } from "../backend/backend.ts";
import { createCharacterTable } from "../codec/character_table.ts";
import { testKernels } from "../ops/self_test.ts";
import { forkPrng } from "../random/prng.ts";
import {
  runInTurns,
  scaleProgress,
  type Sliced,
  TURN_RULES,
  type TurnOptions,
} from "../time/slices.ts";
import { checkModelConfig, type ModelConfig } from "../network/config.ts";
import { createVariable } from "./in_use.ts";
import { initialize } from "./initializers.ts";
import { countParameters, describeLayers } from "../network/layers.ts";
import type { Model, Parameter } from "./model.ts";
import { checkParameters, type NamedTensor, parameterShapes } from "../network/parameters.ts";

/** How to make a model. */
export interface ModelOptions extends TurnOptions {
  /** Seed. The same seed gives the same first parameters. Default 0; not used if parameters are given. */
  readonly seed?: number;
  /** Values of all parameters, for a model that was saved. Default: drawn as Keras does. */
  readonly parameters?: readonly NamedTensor[];
}

/** Most parameters: with Adam's moments they are 6 GiB, the most that one file may hold. */
const MAX_PARAMETERS = 2 ** 29;

const RULES: Rules<ModelOptions> = {
  seed: SEED,
  parameters: optional(arrayRule()),
  ...TURN_RULES,
};

/**
 * Makes a model on the selected backend. If no backend is selected, it selects one as `selectBackend("auto")` does.
 *
 * Drawing the parameters of a large model takes seconds. Timers, signals and servers keep working meanwhile. Progress is
 * counted in parameters.
 *
 * @throws {TypeError} if a field or an option is unknown or has a wrong type, or given parameters do not fit the config
 * @throws {RangeError} if a value is out of its range, or the model would have more than 2^29 parameters
 * @throws {SyntaxError} if a character occurs twice
 * @throws the signal's reason, if it aborts; all memory of the model is freed
 * @example
 * ```ts
 * import { countModelParameters, createModel, selectBackend } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * await selectBackend("cpu");
 * using model = await createModel({
 *   cell: "lstm", hiddenSize: 128, layers: 1, inputLength: 7, outputLength: 4,
 *   characters: " +0123456789", reverse: true,
 * }, { seed: 1 });
 * assertEquals(countModelParameters(model.config), 205_324);
 * ```
 */
export async function createModel(config: ModelConfig, options: ModelOptions = {}): Promise<Model> {
  const shape = checkModelConfig(config);
  const { seed, parameters: given, ...turns } = resolveOptions(options, {
    action: "make a model",
    rules: RULES,
    defaults: { seed: 0 },
  });
  const count = countModelParameters(shape);
  if (count > MAX_PARAMETERS) {
    throw new RangeError(
      `Cannot make a model: it must have at most ${MAX_PARAMETERS} parameters, but would have ${count}; choose a smaller hiddenSize or fewer layers`,
    );
  }
  const checked = given && checkParameters(shape, given).map(copyTensor);
  turns.signal?.throwIfAborted();
  await ensureBackend(() => testKernels(shape.cell));
  const values = checked ??
    await runInTurns(drawParameters(shape, seed), count, turns);
  const parameters = placeParameters(values);
  return {
    config: shape,
    table: createCharacterTable(shape.characters),
    parameters,
    [Symbol.dispose]: () => {
      for (const { variable } of parameters) {
        if (!variable.isDisposed) variable.dispose();
      }
    },
  };
}

/** Copies a tensor, because a variable keeps the array that it is given. */
function copyTensor({ name, shape, values }: NamedTensor): NamedTensor {
  return { name, shape, values: values.slice() };
}

/**
 * Counts the numbers in all parameters of a model: 205,324 for the notebook's.
 *
 * @throws {TypeError | RangeError | SyntaxError} if the config is not valid
 */
export function countModelParameters(config: ModelConfig): number {
  return describeLayers(config).reduce((sum, layer) => sum + countParameters(layer), 0);
}

/** Draws all parameters; yields the number of values drawn. */
function* drawParameters(config: ModelConfig, seed: number): Sliced<NamedTensor[]> {
  const tensors: NamedTensor[] = [];
  let drawn = 0;
  for (const { name, shape, initializer } of parameterShapes(config)) {
    const size = shape.reduce((a, b) => a * b, 1);
    const drawing = initialize(initializer, shape, forkPrng(seed, `parameter/${name}`));
    const values = yield* scaleProgress(drawing, (share) => drawn + Math.floor(share * size));
    tensors.push({ name, shape, values });
    drawn += size;
    yield drawn;
  }
  return tensors;
}

/** A parameter whose tensor is known to be a tfjs variable. */
interface PlacedParameter extends Parameter {
  readonly variable: tf.Variable;
}

/** Copies values to the device. If one does not fit, it frees the others. */
function placeParameters(values: readonly NamedTensor[]): PlacedParameter[] {
  const parameters: PlacedParameter[] = [];
  try {
    for (const { name, shape, values: each } of values) {
      parameters.push({ name, variable: createVariable(each, shape) });
    }
    return parameters;
  } catch (error) {
    parameters.forEach(({ variable }) => variable.dispose());
    throw error;
  }
}
