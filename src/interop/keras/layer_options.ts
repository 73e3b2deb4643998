/**
 * The options of Keras' layers that a model here can have, as Keras writes them, or TensorFlow.js, which writes `null` for some. Every
 * other option, and every other value, is refused by its name.
 *
 * @module
 */
import { describeFound, isObject } from "../../arguments/rule.ts";
import { checkFields, type Json, refuse } from "./keras_fault.ts";

/** Says what is wrong with an option's value; undefined if nothing is. */
export interface OptionRule {
  /** What it must be. */
  readonly must: string;
  /** Whether the file must say it, because Keras' default is another one, or has changed. */
  readonly required?: boolean;
  holds(value: unknown): boolean;
}

/** The rules of all options of a layer. */
export type LayerRules = Readonly<Record<string, OptionRule>>;

/** One of several values of JSON. */
function only(...values: readonly unknown[]): OptionRule {
  return {
    must: values.map(describeFound).join(" or "),
    holds: (value) => values.includes(value),
  };
}

/** A value that must be in the file. */
function required(rule: OptionRule): OptionRule {
  return { ...rule, required: true };
}

/** An option that changes nothing. */
const ANY: OptionRule = { must: "anything", holds: () => true };
/** An integer: its bounds are checked where it is used. */
const NUMBER: OptionRule = { must: "a number", holds: (value) => typeof value === "number" };
const TEXT: OptionRule = { must: "a text", holds: (value) => typeof value === "string" };
const BOOLEAN: OptionRule = only(true, false);

/** Activations are names, or a function of Keras that has one. */
function activation(...names: readonly string[]): OptionRule {
  return {
    must: names.join(" or "),
    holds: (value) => names.includes(activationName(value) ?? ""),
    required: true,
  };
}

/** Gives the name of an activation; undefined if it is no function of Keras'. */
export function activationName(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!isObject(value)) return undefined;
  const { module, class_name: type, config, registered_name: registered } = value;
  const isKeras = module === "builtins" || module === "keras.activations";
  return isKeras && type === "function" && (registered === null || registered === "function") &&
      typeof config === "string"
    ? config
    : undefined;
}

/** An initialiser has done its work: it must be Keras' own, and is not looked at. */
const INITIALIZER: OptionRule = {
  must: "an initializer of Keras'",
  holds(value): boolean {
    if (value === null || typeof value === "string") return true;
    if (!isObject(value)) return false;
    const { module = "keras.initializers", registered_name: registered = null } = value;
    return module === "keras.initializers" && registered === null;
  },
};

/** A policy of single precision. */
const FLOAT32: OptionRule = {
  must: "float32",
  holds(value): boolean {
    if (value === "float32") return true;
    if (!isObject(value)) return false;
    const { module = "keras", class_name: type, config, registered_name: registered = null } =
      value;
    return module === "keras" && (type === "DTypePolicy" || type === "Policy") &&
      registered === null && isObject(config) && config.name === "float32" &&
      Object.keys(config).length === 1;
  },
};

const COMMON: LayerRules = { name: TEXT, trainable: only(true), dtype: FLOAT32 };
const INPUT: LayerRules = { ...COMMON, batch_shape: ANY, batch_input_shape: ANY };

/** What layers with a kernel have. */
const KERNEL: LayerRules = {
  units: required(NUMBER),
  use_bias: required(only(true)),
  ...{ kernel_initializer: INITIALIZER, bias_initializer: INITIALIZER },
  ...{ kernel_regularizer: only(null), bias_regularizer: only(null) },
  ...{ activity_regularizer: only(null) },
  ...{ kernel_constraint: only(null), bias_constraint: only(null) },
};

function recurrent(returnSequences: boolean, more: LayerRules): LayerRules {
  return {
    ...INPUT,
    ...KERNEL,
    return_sequences: required(only(returnSequences)),
    ...{ return_state: only(false), go_backwards: only(false), stateful: only(false) },
    ...{ unroll: BOOLEAN, time_major: only(false), zero_output_for_mask: BOOLEAN },
    activation: activation("tanh"),
    ...{ recurrent_initializer: INITIALIZER },
    ...{ recurrent_regularizer: only(null), recurrent_constraint: only(null) },
    ...{ dropout: only(0), recurrent_dropout: only(0), seed: ANY },
    ...{ implementation: only(null, 0, 1, 2), use_cudnn: only(true, false, "auto") },
    ...more,
  };
}

const GATED: LayerRules = { recurrent_activation: activation("sigmoid") };

/** The recurrent layers. @param returnSequences whether it is one of the decoder's */
export function recurrentRules(type: string, returnSequences: boolean): LayerRules | undefined {
  if (type === "LSTM") {
    return recurrent(returnSequences, { ...GATED, unit_forget_bias: only(true, false, null) });
  }
  if (type === "GRU") {
    return recurrent(returnSequences, { ...GATED, reset_after: required(only(false)) });
  }
  return type === "SimpleRNN" ? recurrent(returnSequences, {}) : undefined;
}

/** The other layers. */
export const LAYER_RULES: Readonly<Record<string, LayerRules>> = {
  InputLayer: { ...INPUT, sparse: only(false), ragged: only(false), optional: only(false) },
  RepeatVector: { ...COMMON, n: required(NUMBER) },
  TimeDistributed: { ...INPUT, layer: required(ANY) },
  Dense: {
    ...{ ...INPUT, ...KERNEL, activation: activation("linear", "softmax") },
    ...{ quantization_config: only(null), lora_rank: only(null), lora_alpha: only(null) },
  },
  Activation: { ...COMMON, activation: activation("softmax") },
  Softmax: { ...COMMON, axis: required(only(-1)) },
};

/** Checks the options of a layer. @param what the layer, for errors: `the layer "lstm"` */
export function checkOptions(what: string, config: Json, rules: LayerRules): void {
  checkFields(what, config, Object.keys(rules));
  for (const [name, { must, required, holds }] of Object.entries(rules)) {
    const value = config[name];
    if (value === undefined ? !required : holds(value)) continue;
    throw refuse(
      `${what} must have the option ${name} ${must}, but ${
        value === undefined ? "does not say it" : `has ${nameOf(value)}`
      }`,
    );
  }
}

/** Names a value: an object of Keras' by its class, and its own name if it has one. */
export function nameOf(value: unknown): string {
  if (!isObject(value) || typeof value.class_name !== "string") return describeFound(value);
  const { registered_name: registered, config } = value;
  const name = typeof registered === "string" ? registered : value.class_name;
  const inner = isObject(config) ? config.name : config;
  return typeof inner === "string"
    ? `${describeFound(name)} with the name ${describeFound(inner)}`
    : describeFound(name);
}
