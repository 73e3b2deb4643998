/**
 * What a layer's configuration may say in Keras 2, and in TensorFlow.js, which writes the same. Each option of ours must have our
 * value; what only matters before there are weights, such as an initialiser, may have any.
 *
 * Source: keras 2.15, `get_config` of every layer; tfjs-layers 4.22, `getConfig`.
 *
 * @module
 */
import type { Rules } from "../../arguments/resolve_options.ts";
import { listRule, nullable, recordRule } from "../../arguments/record.ts";
import { BOOLEAN, integer, optional, type Rule, TEXT } from "../../arguments/rule.ts";
import { MAX_LENGTH, MAX_SYMBOLS } from "../../codec/layout.ts";
import { type Cell, MODEL_SETTINGS } from "../../network/config.ts";
import { ANYTHING, only } from "../check_part.ts";

/** A layer's configuration. */
export interface LayerConfig {
  readonly name: string;
  /** The batch, which does not matter, and the shape of the input. */
  readonly batch_input_shape?: readonly (number | null)[];
  readonly [option: string]: unknown;
}

/** The configuration of a recurrent layer. */
export interface RecurrentConfig extends LayerConfig {
  readonly units: number;
  readonly return_sequences: boolean;
}

/** The configuration of a dense layer. */
export interface DenseConfig extends LayerConfig {
  readonly units: number;
  readonly activation: "linear" | "softmax";
}

/** The configuration of a layer that does the same to every time step. */
export interface DistributedConfig extends LayerConfig {
  readonly layer: { readonly class_name: string; readonly config: object };
}

/** The configuration of a layer that repeats a vector. */
export interface RepeatConfig extends LayerConfig {
  readonly n: number;
}

/** What every layer may say. */
const COMMON = {
  name: TEXT,
  trainable: optional(only(true)),
  dtype: optional(only("float32")),
  batch_input_shape: optional(
    listRule(nullable(integer(1)), { most: 3 }),
  ),
};

/** Options that must not be there, or must say so. */
function without(
  value: 0 | false | null,
  ...names: readonly string[]
): Record<string, Rule<unknown>> {
  return Object.fromEntries(names.map((name) => [name, optional(only(value))]));
}

function anything(...names: readonly string[]): Record<string, Rule<unknown>> {
  return Object.fromEntries(names.map((name) => [name, optional(ANYTHING)]));
}

/** What layers with weights may say. */
const WEIGHTED = {
  use_bias: optional(only(true)),
  ...anything("kernel_initializer", "bias_initializer"),
  ...without(null, "kernel_regularizer", "bias_regularizer", "activity_regularizer"),
  ...without(null, "kernel_constraint", "bias_constraint"),
};

const RECURRENT = {
  ...{ ...COMMON, ...WEIGHTED, units: MODEL_SETTINGS.hiddenSize, return_sequences: BOOLEAN },
  activation: only("tanh"),
  ...anything("recurrent_initializer", "implementation", "unroll"),
  ...without(null, "recurrent_regularizer", "recurrent_constraint"),
  ...without(0, "dropout", "recurrent_dropout"),
  ...without(false, "return_state", "go_backwards", "stateful", "time_major"),
  ...without(false, "zero_output_for_mask"),
};
const GATED = { ...RECURRENT, recurrent_activation: only("sigmoid") };

/** The rule of each recurrent layer. */
export const RECURRENT_RULES: Readonly<Record<Cell, Rule<RecurrentConfig>>> = {
  lstm: record({ ...GATED, ...anything("unit_forget_bias") }),
  gru: record({ ...GATED, ...without(false, "reset_after") }),
  simple: record(RECURRENT),
};

/** A layer that gives the input. */
export const INPUT: Rule<LayerConfig> = record({
  ...COMMON,
  ...without(false, "sparse", "ragged"),
});

/** A layer that repeats a vector. */
export const REPEAT_VECTOR: Rule<RepeatConfig> = record({ ...COMMON, n: integer(1, MAX_LENGTH) });

/** A dense layer, with or without softmax. */
export const DENSE: Rule<DenseConfig> = record({
  ...{ ...COMMON, ...WEIGHTED, units: integer(1, MAX_SYMBOLS) },
  activation: only("linear", "softmax"),
});

/** A layer that does the same to every time step. */
export const TIME_DISTRIBUTED: Rule<DistributedConfig> = record({
  ...COMMON,
  layer: recordRule({ class_name: only("Dense"), config: ANYTHING }),
});

/** A layer that is an activation alone: softmax. */
export const ACTIVATION: Rule<LayerConfig> = record({ ...COMMON, activation: only("softmax") });

/** Softmax over the symbols. */
export const SOFTMAX: Rule<LayerConfig> = record({ ...COMMON, axis: optional(only(-1, 2)) });

/** A record whose options, besides those that are read, have rules alone. */
function record<T extends LayerConfig>(fields: Record<string, Rule<unknown>>): Rule<T> {
  return recordRule<T>(fields as Rules<T>);
}
