/** From indices to logits: the notebook's network. Inside the module, tensors are tfjs's. @module */
import * as tf from "@tensorflow/tfjs";
import { dense } from "../ops/dense/dense.ts";
import { gru } from "../ops/gru/gru.ts";
import { lstm } from "../ops/lstm/lstm.ts";
import type {
  RecurrentInput,
  RecurrentWeights,
  StatesWanted,
} from "../ops/recurrent/recurrent_input.ts";
import { simpleRnn } from "../ops/simple_rnn/simple_rnn.ts";
import type { Cell, ModelConfig } from "./config.ts";
import type { Model } from "./model.ts";

type RecurrentLayer = (
  input: RecurrentInput,
  weights: RecurrentWeights,
  wanted?: StatesWanted,
) => tf.Tensor3D;

const RECURRENT_LAYERS: Record<Cell, RecurrentLayer> = { lstm, gru, simple: simpleRnn };

/**
 * Runs the network: encoder over the source, its last state repeated for every character of the target, decoder layers,
 * dense.
 *
 * @param parameters tensors in the order of {@linkcode Model.parameters}
 * @param sources int32 (B, T_in)
 * @returns logits, float32 (B, T_out, V)
 */
export function forward(
  config: ModelConfig,
  parameters: readonly tf.Tensor[],
  sources: tf.Tensor2D,
): tf.Tensor3D {
  const recurrent = RECURRENT_LAYERS[config.cell];
  const weights = (layer: number): RecurrentWeights => ({
    kernel: parameters[3 * layer] as tf.Tensor2D,
    recurrentKernel: parameters[3 * layer + 1] as tf.Tensor2D,
    bias: parameters[3 * layer + 2] as tf.Tensor1D,
  });
  return tf.tidy(() => {
    const encoded = recurrent({ kind: "indices", indices: sources }, weights(0), "last");
    let states = recurrent({
      kind: "repeated",
      vector: tf.reshape(encoded, [encoded.shape[0], encoded.shape[2]]),
      timeSteps: config.outputLength,
    }, weights(1));
    for (let layer = 2; layer <= config.layers; layer++) {
      states = recurrent({ kind: "sequence", sequence: states }, weights(layer));
    }
    const [kernel, bias] = parameters.slice(-2) as [tf.Tensor2D, tf.Tensor1D];
    return dense(states, kernel, bias);
  });
}

/** Gives a model's parameters as the tfjs variables that they are. */
export function variablesOf(model: Model): tf.Variable[] {
  return model.parameters.map(({ variable }) => variable as tf.Variable);
}
