/** The layers of a model as a Keras configuration lists them. @module */
import type { Layer } from "../../network/layers.ts";
import type { ModelConfig } from "../../network/config.ts";

/** An object as Keras serialises it. */
export interface KerasObject {
  readonly module: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly registered_name: null;
  /** What a layer is built with. */
  readonly build_config?: { readonly input_shape: readonly (number | null)[] };
}

/** The name that the model and its group of variables have, as in Keras. */
export const SEQUENTIAL_NAME = "sequential";

/** Describes a model with the decoder `repeat` as a `Sequential`, with the layers' names of describeLayers. */
export function describeSequential(config: ModelConfig, layers: readonly Layer[]): KerasObject {
  const inputShape = [null, ...layers[0]!.inputShape];
  const input = describeKeras("keras.layers", "InputLayer", {
    ...{ name: "input_layer", batch_shape: inputShape, dtype: "float32", sparse: false },
  });
  return {
    ...describeKeras("keras", "Sequential", {
      ...{ name: SEQUENTIAL_NAME, trainable: true, dtype: "float32" },
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

/** Describes a layer. Its initialisers and what else a file need not say are Keras' defaults. */
function describeLayer(model: ModelConfig, layer: Layer): KerasObject {
  const { name, type } = layer;
  const [className, inner] = type.replace(")", "").split("("); // TimeDistributed(Dense)
  const common = { name, trainable: true, dtype: "float32" };
  return {
    ...describeKeras("keras.layers", className!, {
      ...common,
      ...describeOwn(model, layer, inner),
    }),
    build_config: { input_shape: [null, ...layer.inputShape] },
  };
}

/** Gives what only layers of this type have. */
function describeOwn(
  { cell, hiddenSize }: ModelConfig,
  { type, inputShape, outputShape }: Layer,
  inner: string | undefined,
): Readonly<Record<string, unknown>> {
  if (type === "RepeatVector") return { n: outputShape[0] };
  if (type === "TimeDistributed(Dense)") {
    const units = outputShape[1];
    return {
      layer: {
        ...describeKeras("keras.layers", inner!, {
          ...{ name: "dense", trainable: true, dtype: "float32" },
          ...{ units, activation: "linear", use_bias: true },
        }),
        build_config: { input_shape: [null, inputShape[1]] },
      },
    };
  }
  if (type === "Activation(softmax)") return { activation: inner };
  return {
    ...{ units: hiddenSize, activation: "tanh", use_bias: true },
    return_sequences: outputShape.length === 2,
    ...(cell !== "simple" && { recurrent_activation: "sigmoid" }),
    ...(cell === "lstm" && { unit_forget_bias: true }),
    ...(cell === "gru" && { reset_after: false }),
  };
}
