/** How a Keras model was trained: the settings of its optimiser, and its loss. @module */
import { describeFound, isObject } from "../../arguments/rule.ts";
import type { ForeignOptimizer } from "../foreign_model.ts";
import { checkFields, type Json, needObject, refuse, refuseValue } from "./keras_fault.ts";
import { nameOf } from "./layer_options.ts";

/** What a configuration says of an optimiser. */
export type OptimizerConfig = Omit<ForeignOptimizer, "steps" | "moments">;

/** Options that must not be used, and the values that say so. */
const UNUSED: Readonly<Record<string, readonly unknown[]>> = {
  clipnorm: [null],
  clipvalue: [null],
  use_ema: [false],
  loss_scale_factor: [null],
  gradient_accumulation_steps: [null, 1],
  amsgrad: [false],
  is_legacy_optimizer: [false],
  decay: [0],
};
/** Options that say nothing, because what they set is not used. */
const IGNORED = ["name", "ema_momentum", "ema_overwrite_frequency", "jit_compile"];
/** The names of the classes. Keras 2.11 to 2.15 writes the second two into `.h5` files. */
const CLASSES: ReadonlySet<unknown> = new Set(["Adam", "AdamW", "Custom>Adam", "Custom>AdamW"]);
const USED = ["learning_rate", "weight_decay", "global_clipnorm", "beta_1", "beta_2", "epsilon"];

/**
 * Parses how a model was trained: with Adam or AdamW and the mean cross-entropy.
 *
 * @throws {SyntaxError | RangeError} if training here could not go on as in Keras
 */
export function parseTraining(
  { optimizer, loss, loss_weights: weights = null }: Json,
): OptimizerConfig {
  const labelSmoothing = readLoss(loss);
  if (weights !== null) {
    throw refuse(`its loss must have no weights, but has loss_weights${REMEDY}`);
  }
  return { ...parseOptimizer(optimizer), labelSmoothing };
}

function parseOptimizer(value: unknown): OptimizerConfig {
  const optimizer = needObject("its optimiser", value);
  const { class_name: type, module = "keras.optimizers", registered_name: registered = null } =
    optimizer;
  if (!CLASSES.has(type) || module !== "keras.optimizers" || registered !== null) {
    throw refuse(
      `its optimiser must be Adam or AdamW of Keras', but is ${nameOf(optimizer)}${REMEDY}`,
    );
  }
  checkFields("its optimiser", optimizer, FIELDS);
  const config = needObject("the options of its optimiser", optimizer.config);
  checkFields("its optimiser", config, [...Object.keys(UNUSED), ...IGNORED, ...USED], REMEDY);
  for (const [name, values] of Object.entries(UNUSED)) {
    if (config[name] === undefined || values.includes(config[name])) continue;
    throw refuse(
      `its optimiser must not use ${name}, but has ${nameOf(config[name])}${REMEDY}`,
    );
  }
  return readSettings(config);
}

const FIELDS = ["module", "class_name", "config", "registered_name", "shared_object_id"];
/** What a person can do who wants the model alone. */
const REMEDY = "; the model is imported without it if optimizer is false (--no-optimizer)";

function readSettings(config: Json): OptimizerConfig {
  const read = (name: string, range: readonly [number, number], none?: number): number => {
    const value = config[name] ?? none;
    const [least, below] = range;
    if (typeof value === "number" && value >= least && value < below) return shortenFloat32(value);
    const found = isObject(value) ? nameOf(value) : describeFound(value ?? null);
    throw refuseValue(
      `the option ${name} of its optimiser must be a number from ${least} to below ${below}, but is ${found}${REMEDY}`,
    );
  };
  const positive = [2 ** -126, Infinity] as const;
  return {
    learningRate: read("learning_rate", positive),
    beta1: read("beta_1", [0, 1]),
    beta2: read("beta_2", [0, 1]),
    epsilon: read("epsilon", positive),
    weightDecay: read("weight_decay", [0, Infinity], 0),
    clipNorm: read("global_clipnorm", [0, Infinity], 0),
  };
}

const LOSSES: ReadonlySet<unknown> = new Set([
  ...["categorical_crossentropy", "sparse_categorical_crossentropy"],
]);
const LOSS_CLASSES: ReadonlySet<unknown> = new Set([
  ...["CategoricalCrossentropy", "SparseCategoricalCrossentropy"],
]);
/** The options of a loss, and the values with which it is the mean cross-entropy. */
const LOSS_OPTIONS: Readonly<Record<string, readonly unknown[]>> = {
  from_logits: [false],
  axis: [-1],
  ignore_class: [null],
  reduction: ["sum_over_batch_size"],
  dtype: [null, "float32"],
};

/**
 * Reads the loss, which must be the mean cross-entropy of the characters.
 *
 * @returns its label smoothing
 */
function readLoss(loss: unknown): number {
  if (LOSSES.has(loss)) return 0;
  const { module, class_name: type, config, registered_name: registered = null } = isObject(loss)
    ? loss
    : {};
  if (module === "builtins" && type === "function" && LOSSES.has(config)) return 0;
  if (module !== "keras.losses" || !LOSS_CLASSES.has(type) || registered !== null) {
    throw refuse(
      `its loss must be the categorical cross-entropy of Keras', but is ${nameOf(loss)}${REMEDY}`,
    );
  }
  const options = needObject("the options of its loss", config);
  checkFields("its loss", options, ["name", "label_smoothing", ...Object.keys(LOSS_OPTIONS)]);
  for (const [name, values] of Object.entries(LOSS_OPTIONS)) {
    if (options[name] === undefined || values.includes(options[name])) continue;
    throw refuse(
      `its loss must have the option ${name} ${values.map(describeFound).join(" or ")}, but has ${
        nameOf(options[name])
      }${REMEDY}`,
    );
  }
  const { label_smoothing: smoothing = 0 } = options;
  if (typeof smoothing === "number" && smoothing >= 0 && smoothing < 1) return smoothing;
  throw refuseValue(
    `the label smoothing of its loss must be a number from 0 to below 1, but is ${
      nameOf(smoothing)
    }`,
  );
}

/** Gives the number with the fewest digits that is the same float32; a number that is no float32 stays as it is. */
export function shortenFloat32(value: number): number {
  if (Math.fround(value) !== value) return value;
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
