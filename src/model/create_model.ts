/** From a configuration to a model on the device. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { arrayRule, isObject, optional, type Rule, SEED } from "../arguments/rule.ts";
import { createTextCodec } from "../codec/text_codec.ts";
import { chooseDevice } from "../device/choose.ts";
import type { Device, DeviceReport } from "../device/executor.ts";
import { showAs } from "../display/display.ts";
import { forkPrng } from "../random/prng.ts";
import {
  runInTurns,
  scaleProgress,
  type Sliced,
  TURN_RULES,
  type TurnOptions,
} from "../time/slices.ts";
import { checkModelConfig, type GivenModelConfig } from "../network/config.ts";
import { countParameters, describeLayers } from "../network/layers.ts";
import { describeNetwork } from "../network/describe_network.ts";
import { initialize } from "./initializers.ts";
import type { Model } from "./model.ts";
import { viewModel } from "./view_model.ts";
import { checkParameters, type NamedTensor, parameterShapes } from "../network/parameters.ts";

/** How to make a model. */
export interface ModelOptions extends TurnOptions {
  /** The device that computes. Default: as `chooseDevice()` chooses. */
  readonly device?: Device;
  /** Seed. The same seed gives the same first parameters. Default 0; not used if parameters are given. */
  readonly seed?: number;
  /** Values of all parameters, for a model that was saved. Default: drawn as Keras does. */
  readonly parameters?: readonly NamedTensor[];
}

/** The rule for a device. */
export const DEVICE: Rule<Device> = {
  must: "a device, such as chooseDevice() gives",
  findFault: (value) => isObject(value) && typeof value.load === "function" ? undefined : "type",
};

/** Most parameters: with Adam's moments they are 6 GiB, the most that one file may hold. */
const MAX_PARAMETERS = 2 ** 29;

const RULES: Rules<ModelOptions> = {
  device: optional(DEVICE),
  seed: SEED,
  parameters: optional(arrayRule()),
  ...TURN_RULES,
};

/**
 * Makes a model on a device.
 *
 * Drawing the parameters of a large model takes seconds. Timers, signals and servers keep working meanwhile. Progress is
 * counted in parameters.
 *
 * @throws {TypeError} if a field or an option is unknown or has a wrong type, or given parameters do not fit the config
 * @throws {RangeError} if a value is out of its range, or the model would have more than 2^29 parameters
 * @throws {SyntaxError} if a character occurs twice
 * @throws {Error} if the parameters do not fit into the device's memory
 * @throws the signal's reason, if it aborts; all memory of the model is freed
 * @example
 * ```ts
 * import { characterLayout, chooseDevice, countModelParameters, createModel } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * using model = await createModel({
 *   cell: "lstm", hiddenSize: 128, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 7, outputLength: 4, reverse: true }),
 * }, { device: await chooseDevice("cpu"), seed: 1 });
 * assertEquals(countModelParameters(model.config), 205_324);
 * ```
 */
export async function createModel(
  config: GivenModelConfig,
  options: ModelOptions = {},
): Promise<Model> {
  const shape = checkModelConfig(config);
  const { device: chosen, seed, parameters: given, ...turns } = resolveOptions(options, {
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
  const checked = given && checkParameters(shape, given);
  const copies = checked?.map(({ values }) => values.slice()); // the caller may change them meanwhile
  turns.signal?.throwIfAborted();
  const { cell, decoder } = shape;
  const device = chosen ?? await chooseDevice("auto", { cell, decoder });
  const values = copies ??
    await runInTurns(drawParameters(shape, seed, device.report), count, turns);
  const executor = await device.load(describeNetwork(shape), values);
  return showAs<Model>({
    config: shape,
    source: createTextCodec(shape.source),
    target: createTextCodec(shape.target),
    ...{ device, executor },
    [Symbol.dispose]: () => {
      if (!executor.disposed) executor[Symbol.dispose]();
    },
  }, viewModel);
}

/**
 * Counts the numbers in all parameters of a model: 205,324 for the notebook's.
 *
 * @throws {TypeError | RangeError | SyntaxError} if the config is not valid
 */
export function countModelParameters(config: GivenModelConfig): number {
  return describeLayers(config).reduce((sum, layer) => sum + countParameters(layer), 0);
}

/** Draws all parameters; yields the number of values drawn. */
function* drawParameters(
  config: GivenModelConfig,
  seed: number,
  { backend, threads }: DeviceReport,
): Sliced<Float32Array[]> {
  const options = backend === "cpu" ? { threads } : {}; // beside a GPU, all threads are free
  const tensors: Float32Array[] = [];
  let drawn = 0;
  for (const { name, shape, initializer } of parameterShapes(config)) {
    const size = shape.reduce((a, b) => a * b, 1);
    const drawing = initialize(initializer, shape, forkPrng(seed, `parameter/${name}`), options);
    tensors.push(yield* scaleProgress(drawing, (share) => drawn + Math.floor(share * size)));
    drawn += size;
    yield drawn;
  }
  return tensors;
}
