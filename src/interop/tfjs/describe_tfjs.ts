/** The layers of a model as TensorFlow.js writes them in `model.json`: Keras 2's configuration. @module */
import type { ModelConfig } from "../../network/config.ts";
import { describeLayers, type Layer } from "../../network/layers.ts";

/** A layer as `model.json` has it. */
export interface TfjsLayer {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Describes the layers of a model with the decoder `repeat`. */
export function describeTfjs(model: ModelConfig): TfjsLayer[] {
  return describeLayers(model).map((layer, i) => describeLayer(layer, i === 0));
}

function describeLayer(layer: Layer, isFirst: boolean): TfjsLayer {
  const { name, type, inputShape, outputShape } = layer;
  switch (type) {
    case "RepeatVector":
      return { class_name: type, config: { n: outputShape[0], ...describeName(name) } };
    case "TimeDistributed(Dense)": {
      const inner = { class_name: "Dense", config: describeDense(outputShape.at(-1)!) };
      return { class_name: "TimeDistributed", config: { layer: inner, ...describeName(name) } };
    }
    case "Activation(softmax)":
      return {
        class_name: "Activation",
        config: { activation: "softmax", ...describeName(name) },
      };
    default: {
      const input = isFirst
        ? { batch_input_shape: [null, ...inputShape], dtype: "float32" }
        : undefined;
      return {
        class_name: type,
        config: { ...describeName(name), ...input, ...describeRecurrent(layer) },
      };
    }
  }
}

function describeName(name: string): Record<string, unknown> {
  return { name, trainable: true };
}

function describeDense(units: number): Record<string, unknown> {
  return {
    ...{ units, activation: "linear", use_bias: true },
    ...{ kernel_initializer: GLOROT_UNIFORM, bias_initializer: ZEROS },
    ...nothingFor("kernel_regularizer", "bias_regularizer", "activity_regularizer"),
    ...nothingFor("kernel_constraint", "bias_constraint"),
    ...describeName("dense"),
  };
}

function describeRecurrent({ type, outputShape }: Layer): Record<string, unknown> {
  return {
    ...{ units: outputShape.at(-1), activation: "tanh" },
    ...(type !== "SimpleRNN" && { recurrent_activation: "sigmoid" }),
    ...{ use_bias: true, kernel_initializer: GLOROT_UNIFORM },
    ...{ recurrent_initializer: ORTHOGONAL, bias_initializer: ZEROS },
    ...(type === "LSTM" && { unit_forget_bias: true }),
    ...nothingFor("kernel_regularizer", "recurrent_regularizer", "bias_regularizer"),
    ...nothingFor("activity_regularizer"),
    ...nothingFor("kernel_constraint", "recurrent_constraint", "bias_constraint"),
    ...{ dropout: 0, recurrent_dropout: 0 },
    ...(type !== "SimpleRNN" && { implementation: null }),
    ...(type === "GRU" && { reset_after: false }),
    ...{ return_sequences: outputShape.length > 1, return_state: false },
    ...{ go_backwards: false, stateful: false, unroll: false },
  };
}

function nothingFor(...keys: readonly string[]): Record<string, null> {
  return Object.fromEntries(keys.map((key) => [key, null]));
}

/** The initialisers of our layers, which matter only if the model is built again without its weights. */
const GLOROT_UNIFORM = {
  class_name: "VarianceScaling",
  config: { scale: 1, mode: "fan_avg", distribution: "uniform", seed: null },
};
const ORTHOGONAL = { class_name: "Orthogonal", config: { gain: 1, seed: null } };
const ZEROS = { class_name: "Zeros", config: {} };
