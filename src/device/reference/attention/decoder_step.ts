/** A time step of the decoder with attention, by tfjs's own operations. @module */
import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs";
import type { AttentionNetwork } from "../../../network/network.ts";
import { dropoutSites } from "../../../random/dropout.ts";
import type { CellState } from "../cells.ts";
import { oneHot } from "../one_hot.ts";
import { bindCell } from "../recurrent_cell.ts";
import type { Tfjs } from "../tfjs_webgpu.ts";
import { attend } from "./attend.ts";
import type { DropValues } from "./drop_values.ts";
import type { EncodedSources } from "./run_encoder.ts";

/** What a time step reads. */
export interface StepInput {
  /** Position, from 0. */
  readonly t: number;
  /** The symbols before, int32 (B); none at the first position. */
  readonly before?: Tensor1D | undefined;
  /** State of every decoder layer. */
  readonly states: readonly CellState[];
}

/** What a time step gives. */
export interface StepOutput {
  /** Logits, float32 (B, V). */
  readonly logits: Tensor2D;
  /** How much each position of the source was looked at, float32 (B, T_in). */
  readonly weights: Tensor2D;
  /** State of every decoder layer. */
  readonly states: readonly CellState[];
}

/** Computes a time step. */
export type DecoderStep = (encoded: EncodedSources, input: StepInput) => StepOutput;

/** Gives the states with which the decoder layers begin. */
export function beginDecoder(
  { decoderLayers }: AttentionNetwork,
  { last }: EncodedSources,
): readonly CellState[] {
  return decoderLayers.map(() => last);
}

/**
 * Makes the function that computes a time step: embedding of the symbol before, decoder layers, attention and output.
 *
 * @param parameters tensors in the network's order
 */
export function makeDecoderStep(
  tf: Tfjs,
  network: AttentionNetwork,
  parameters: readonly Tensor[],
  drop: DropValues,
): DecoderStep {
  const { targetEmbedding, decoderLayers, attention, output } = network;
  const sites = dropoutSites(network.encoder.length, decoderLayers.length);
  const cells = decoderLayers.map((layer) => bindCell(tf, layer, parameters));
  const table = parameters[targetEmbedding.firstParameter] as Tensor2D;
  const [kernel, bias] = parameters.slice(output.firstParameter) as Tensor2D[];
  const embed = (count: number, before: Tensor1D | undefined, t: number): Tensor2D => {
    const V = targetEmbedding.vocabularySize;
    // without a symbol before, the product with zeros: the table has a gradient then, even if there is only one position
    const vectors = before === undefined ? tf.zeros([count, V]) : oneHot(tf, before, V);
    return drop(tf.matMul(vectors as Tensor2D, table), sites.targetEmbedding, t);
  };
  return (encoded, { t, before, states }) => {
    let values = embed(encoded.mask.shape[0], before, t);
    const next = cells.map(({ project, advance }, i) => {
      const state = advance(project(values), states[i]!);
      values = i === cells.length - 1 ? state[0] : drop(state[0], sites.decoderLayers[i]!, t);
      return state;
    });
    const attended = attend(tf, attention, parameters, encoded, values);
    const features = drop(attended.output, sites.attention, t);
    const logits: Tensor2D = tf.add(tf.matMul(features, kernel!), bias!);
    return { logits, weights: attended.weights, states: next };
  };
}
