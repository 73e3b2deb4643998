/** The notebook's network: the layers and their inputs, for any kind of tensor. @module */
import type {
  RecurrentInput,
  RecurrentWeights,
  StatesWanted,
} from "../ops/recurrent/recurrent_input.ts";
import type { ModelConfig } from "../network/config.ts";

/** The operations of the network, for one kind of tensor. */
export interface NetworkLayers<Tensor> {
  /** Runs a layer of the config's cell. It gives the hidden states (B, T, H), or (B, 1, H) if only the last are wanted. */
  recurrent(
    input: RecurrentInput<Tensor, Tensor>,
    weights: RecurrentWeights<Tensor, Tensor>,
    wanted: StatesWanted,
  ): Tensor;
  /** Removes the dimension of time from the states of one time step: (B, 1, H) becomes (B, H). */
  dropTime(states: Tensor): Tensor;
  /** Multiplies the states of every time step by a kernel (H, V) and adds a bias (V). */
  dense(states: Tensor, kernel: Tensor, bias: Tensor): Tensor;
}

/**
 * Runs the network: encoder over the source, its last state repeated for every character of the target, decoder layers,
 * dense.
 *
 * @param tensors the parameters in the order of the layers, and the sources, int32 (B, T_in)
 * @returns logits, float32 (B, T_out, V)
 */
export function runNetwork<Tensor>(
  config: Pick<ModelConfig, "layers" | "outputLength">,
  tensors: { readonly parameters: readonly Tensor[]; readonly sources: Tensor },
  layers: NetworkLayers<Tensor>,
): Tensor {
  const { parameters, sources } = tensors;
  const weights = (layer: number): RecurrentWeights<Tensor, Tensor> => ({
    kernel: parameters[3 * layer]!,
    recurrentKernel: parameters[3 * layer + 1]!,
    bias: parameters[3 * layer + 2]!,
  });
  const encoded = layers.recurrent({ kind: "indices", indices: sources }, weights(0), "last");
  const repeated = {
    kind: "repeated",
    vector: layers.dropTime(encoded),
    timeSteps: config.outputLength,
  } as const;
  let states = layers.recurrent(repeated, weights(1), "every");
  for (let layer = 2; layer <= config.layers; layer++) {
    states = layers.recurrent({ kind: "sequence", sequence: states }, weights(layer), "every");
  }
  return layers.dense(states, parameters.at(-2)!, parameters.at(-1)!);
}
