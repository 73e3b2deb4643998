/**
 * The model: its shape, and its parameters on the device.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { ensureBackend } from "../backend/backend.ts";
import { type CharacterTable, createCharacterTable } from "../codec/character_table.ts";
import { checkDeviceInUse } from "../ops/read_device.ts";
import { testKernels } from "../ops/self_test.ts";
import { forkPrng } from "../random/prng.ts";
import { checkModelConfig, type ModelConfig } from "./config.ts";
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
export interface ModelOptions {
  /** Same seed, same first parameters. Default 0. Not used where parameters are given. */
  readonly seed?: number;
  /** Values of all parameters, by name; for a model that was saved. Default: drawn as Keras does. */
  readonly parameters?: readonly NamedTensor[];
}

/**
 * Makes a model on the selected backend; selects one, as `auto` does, if none was.
 *
 * @throws {RangeError} if the shape is out of range
 * @throws {TypeError} if parameters are given that do not fit the shape
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
  checkModelConfig(config);
  await ensureBackend(() => testKernels(config.cell));
  const values = options.parameters === undefined
    ? drawParameters(config, options.seed ?? 0)
    : checkParameters(config, options.parameters);
  const parameters = values.map(({ name, shape, values }) => ({
    name,
    variable: tf.tidy(() => tf.variable(tf.tensor(values, [...shape], "float32"))),
  }));
  return {
    config,
    table: createCharacterTable(config.characters),
    parameters,
    [Symbol.dispose]: () => parameters.forEach(({ variable }) => variable.dispose()),
  };
}

/** Counts everything a model of some shape learns: 205,324 numbers for the notebook's. */
export function countModelParameters(config: ModelConfig): number {
  return describeLayers(config).reduce((sum, layer) => sum + countParameters(layer), 0);
}

/** Copies named device tensors to the host, all in one wait for the device. @throws {Error} if the device was lost or failed */
export async function readTensors(
  tensors: Iterable<Parameter>,
): Promise<NamedTensor[]> {
  const read = await Promise.all(
    Array.from(tensors, async ({ name, variable }): Promise<NamedTensor> => ({
      ...{ name, shape: variable.shape },
      values: Float32Array.from(await variable.data()),
    })),
  );
  await checkDeviceInUse(); // of a lost device they may be zeros
  return read;
}

/** Overwrites a model's parameters. @throws {TypeError} if they do not fit its shape */
export function writeParameters(model: Model, values: readonly NamedTensor[]): void {
  const fitting = checkParameters(model.config, values);
  model.parameters.forEach(({ variable }, i) => {
    const { shape, values } = fitting[i]!;
    tf.tidy(() => (variable as tf.Variable).assign(tf.tensor(values, [...shape], "float32")));
  });
}

function drawParameters(config: ModelConfig, seed: number): NamedTensor[] {
  return parameterShapes(config).map(({ name, shape, initializer }) => ({
    name,
    shape,
    values: initialize(initializer, shape, forkPrng(seed, `parameter/${name}`)),
  }));
}
