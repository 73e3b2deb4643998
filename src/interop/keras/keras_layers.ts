/** The layers of a model as a Keras configuration lists them. @module */
import type { Layer } from "../../network/layers.ts";
import type { Cell, ModelConfig } from "../../network/config.ts";

/** An object as Keras serialises it. */
export interface KerasObject {
  readonly module: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly registered_name: string | null;
  /** What a layer is built with. */
  readonly build_config?: { readonly input_shape: readonly (number | null)[] };
}

/** Describes a model with the decoder `repeat` as a `Sequential`, with the layers' names of describeLayers. */
export function describeSequential(config: ModelConfig, layers: readonly Layer[]): KerasObject {
  const inputShape = [null, ...layers[0]!.inputShape];
  const input = describeKeras("keras.layers", "InputLayer", {
    ...{ name: "input_layer", batch_shape: inputShape, dtype: "float32", sparse: false },
  });
  return {
    ...describeKeras("keras", "Sequential", {
      ...{ name: "sequential", trainable: true, dtype: "float32" },
      layers: [input, ...layers.map((layer) => describeLayer(config, layer))],
      build_input_shape: inputShape,
    }),
    build_config: { input_shape: inputShape },
  };
}

/** Gives an object as Keras serialises it. */
export function describeKeras(
  module: string,
  className: string,
  config: Readonly<Record<string, unknown>>,
): KerasObject {
  return { module, class_name: className, config, registered_name: null };
}

/** Describes a layer of Keras. Its initialisers and what else a file need not say are Keras' defaults. */
export function describeKerasLayer(
  className: string,
  name: string,
  own: Readonly<Record<string, unknown>>,
): KerasObject {
  return describeKeras("keras.layers", className, {
    ...{ name, trainable: true, dtype: "float32" },
    ...own,
  });
}

/** Gives what only recurrent layers have: the equations of a cell. */
export function describeRecurrent(cell: Cell, units: number): Readonly<Record<string, unknown>> {
  return {
    ...{ units, activation: "tanh", use_bias: true },
    ...(cell !== "simple" && { recurrent_activation: "sigmoid" }),
    ...(cell === "lstm" && { unit_forget_bias: true }),
    ...(cell === "gru" && { reset_after: false }),
  };
}

/** Gives what only a dense layer at every time step has. */
export function describeTimeDistributed(units: number): Readonly<Record<string, unknown>> {
  const own = { units, activation: "linear", use_bias: true };
  return { layer: describeKerasLayer("Dense", "dense", own) };
}

function describeLayer(model: ModelConfig, layer: Layer): KerasObject {
  const className = layer.type.replace(/\(.*/, ""); // TimeDistributed(Dense)
  return {
    ...describeKerasLayer(className, layer.name, describeOwn(model, layer)),
    build_config: { input_shape: [null, ...layer.inputShape] },
  };
}

/** Gives what only layers of this type have. */
function describeOwn(
  { cell, hiddenSize }: ModelConfig,
  { type, outputShape }: Layer,
): Readonly<Record<string, unknown>> {
  if (type === "RepeatVector") return { n: outputShape[0] };
  if (type === "TimeDistributed(Dense)") return describeTimeDistributed(outputShape[1]!);
  if (type === "Activation(softmax)") return { activation: "softmax" };
  return {
    ...describeRecurrent(cell, hiddenSize),
    return_sequences: outputShape.length === 2,
  };
}
