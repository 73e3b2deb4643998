/**
 * The model: its shape, and its parameters on the device.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { arrayRule, isObject, optional, type Rule, SEED } from "../arguments/rule.ts";
import { ensureBackend } from "../backend/backend.ts";
import { type CharacterTable, createCharacterTable } from "../codec/character_table.ts";
import { checkDeviceInUse } from "../ops/read_device.ts";
import { testKernels } from "../ops/self_test.ts";
import { forkPrng } from "../random/prng.ts";
import {
  runInTurns,
  scaleProgress,
  type Sliced,
  TURN_RULES,
  type TurnOptions,
} from "../time/slices.ts";
import { checkModelConfig, type ModelConfig } from "./config.ts";
import { checkModel, checkVariables, createVariable, noteChange } from "./in_use.ts";
import { initialize } from "./initializers.ts";
import { countParameters, describeLayers } from "./layers.ts";
import { checkParameters, type NamedTensor, parameterShapes } from "./parameters.ts";

/** Numbers on the device. */
export interface DeviceTensor {
  /** Dimensions. */
  readonly shape: readonly number[];
  /** Copies the values to the host, row-major. */
  data(): Promise<Float32Array | Int32Array | Uint8Array>;
  /** Gives the memory back. */
  dispose(): void;
}

/** A parameter of a model. */
export interface Parameter {
  /** As in Keras: `lstm/kernel`. */
  readonly name: string;
  /** Its values on the device. */
  readonly variable: DeviceTensor;
}

/** A model holds memory of its device: declare it with `using`, or dispose of it. */
export interface Model extends Disposable {
  /** Its shape. */
  readonly config: ModelConfig;
  /** The characters it reads and writes. */
  readonly table: CharacterTable;
  /** What it has learned, in Keras' order. */
  readonly parameters: readonly Parameter[];
}

/** How a model begins. */
export interface ModelOptions extends TurnOptions {
  /** Same seed, same first parameters. Default 0. Not used where parameters are given. */
  readonly seed?: number;
  /** Values of all parameters, by name; for a model that was saved. Default: drawn as Keras does. */
  readonly parameters?: readonly NamedTensor[];
}

/** With Adam's moments 6 GiB: more than that is not saved in one file, nor read again. */
const MAX_PARAMETERS = 2 ** 29;

const RULES: Rules<ModelOptions> = {
  seed: SEED,
  parameters: optional(arrayRule()),
  ...TURN_RULES,
};

const TENSORS: Pick<Rule<Iterable<Parameter>>, "must" | "findFault"> = {
  must: "parameters of a model, or other named tensors",
  findFault: (value) =>
    typeof value === "object" && value !== null && Symbol.iterator in value ? undefined : "type",
};

const TENSOR: typeof TENSORS = {
  must: "a name and a tensor on the device",
  findFault: (value) =>
    isObject(value) && typeof value.name === "string" && isObject(value.variable) &&
      typeof value.variable.data === "function"
      ? undefined
      : "type",
};

/**
 * Makes a model on the selected backend; selects one, as `auto` does, if none was.
 *
 * Drawing the parameters of a large model takes seconds. Timers, signals and servers have their turns meanwhile; progress
 * is counted in parameters.
 *
 * @throws {RangeError} if the shape is out of range
 * @throws {TypeError} if parameters are given that do not fit the shape
 * @throws the signal's reason, if it aborts; nothing of the model remains
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
      `Cannot make a model: it must have at most ${MAX_PARAMETERS} parameters, but would have ${count}; a smaller hiddenSize or fewer layers have fewer`,
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

/** A variable keeps the array that it is given. */
function copyTensor({ name, shape, values }: NamedTensor): NamedTensor {
  return { name, shape, values: values.slice() };
}

/** Counts everything a model of some shape learns: 205,324 numbers for the notebook's. */
export function countModelParameters(config: ModelConfig): number {
  return describeLayers(config).reduce((sum, layer) => sum + countParameters(layer), 0);
}

/** Copies named device tensors to the host, all in one wait for the device. @throws {Error} if the device was lost or failed */
export async function readTensors(
  tensors: Iterable<Parameter>,
): Promise<NamedTensor[]> {
  checkValue("read tensors", "the tensors", tensors, TENSORS);
  const all = Array.from(tensors);
  all.forEach((tensor, i) => checkValue("read tensors", `tensor ${i}`, tensor, TENSOR));
  checkVariables("read tensors", all, "what they belong to");
  const read = await Promise.all(
    all.map(async ({ name, variable }): Promise<NamedTensor> => ({
      ...{ name, shape: [...variable.shape] },
      values: Float32Array.from(await variable.data()),
    })),
  );
  await checkDeviceInUse(); // of a lost device they may be zeros
  return read;
}

/** Overwrites a model's parameters. @throws {TypeError} if they do not fit its shape */
export function writeParameters(model: Model, values: readonly NamedTensor[]): void {
  checkModel("write parameters", model);
  const fitting = checkParameters(model.config, values);
  noteChange(model);
  model.parameters.forEach(({ variable }, i) => {
    const { shape, values } = fitting[i]!;
    const copy = values.slice(); // a tensor keeps the array that it is given
    tf.tidy(() => (variable as tf.Variable).assign(tf.tensor(copy, [...shape], "float32")));
  });
}

/** Yields the number of parameters drawn. */
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

/** A parameter as the tfjs variable that it is. */
interface PlacedParameter extends Parameter {
  readonly variable: tf.Variable;
}

/** Puts values on the device; if one of them finds no room, none stays there. */
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
