/** Computes logits from indices, with tfjs tensors. @module */
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
import type { Cell, ModelConfig } from "../network/config.ts";
import type { Model } from "./model.ts";
import { runNetwork } from "./network.ts";

type RecurrentLayer = (
  input: RecurrentInput,
  weights: RecurrentWeights,
  wanted?: StatesWanted,
) => tf.Tensor3D;

const RECURRENT_LAYERS: Record<Cell, RecurrentLayer> = { lstm, gru, simple: simpleRnn };

/**
 * Runs the network of {@linkcode runNetwork} on the device.
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
  return tf.tidy(() =>
    runNetwork<tf.Tensor>(config, { parameters, sources }, {
      recurrent: (input, weights, wanted) =>
        recurrent(input as RecurrentInput, weights as RecurrentWeights, wanted),
      dropTime: (states) => tf.reshape(states, [states.shape[0]!, states.shape[2]!]),
      dense: (states, kernel, bias) =>
        dense(states as tf.Tensor3D, kernel as tf.Tensor2D, bias as tf.Tensor1D),
    }) as tf.Tensor3D
  );
}

/** Gives a model's parameters as tfjs variables. */
export function variablesOf(model: Model): tf.Variable[] {
  return model.parameters.map(({ variable }) => variable as tf.Variable);
}
