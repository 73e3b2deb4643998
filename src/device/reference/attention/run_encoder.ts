/** The encoder of a network with attention, by tfjs's own operations. @module */
import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import type { AttentionNetwork, RecurrentLayer } from "../../../network/network.ts";
import { dropoutSites } from "../../../random/dropout.ts";
import { type CellState, mapState } from "../cells.ts";
import { oneHot } from "../one_hot.ts";
import { bindCell } from "../recurrent_cell.ts";
import type { Tfjs } from "../tfjs_webgpu.ts";
import type { DropValues } from "./drop_values.ts";

/** What the decoder knows of sources. */
export interface EncodedSources {
  /** States of the last encoder layer as the attention reads them, float32 (B, T_in, H). */
  readonly states: Tensor3D;
  /** 0 at masked positions, else 1, float32 (B, T_in). */
  readonly mask: Tensor2D;
  /** The state with which every decoder layer begins. */
  readonly last: CellState;
}

/** A layer's states at every position, and the one after the last position that it reads. */
interface LayerStates {
  readonly states: Tensor2D[];
  readonly last: CellState;
}

/**
 * Runs the encoder: embedding, then every layer in its directions.
 *
 * @param parameters tensors in the network's order
 * @param sources indices, int32 (B, T_in)
 */
export function runEncoder(
  tf: Tfjs,
  network: AttentionNetwork,
  parameters: readonly Tensor[],
  sources: Tensor2D,
  drop: DropValues,
): EncodedSources {
  const { sourceEmbedding, encoder, sourcePadding, decoderLayers } = network;
  const sites = dropoutSites(encoder.length, decoderLayers.length);
  const mask: Tensor2D = sourcePadding === null
    ? tf.onesLike(tf.cast(sources, "float32"))
    : tf.cast(tf.notEqual(sources, sourcePadding), "float32");
  const masks: Tensor2D[] = tf.split(mask, sources.shape[1], 1);
  const table = parameters[sourceEmbedding.firstParameter] as Tensor2D;
  let values = tf.unstack(sources, 1).map((indices, t) => {
    const vectors = oneHot(tf, indices, sourceEmbedding.vocabularySize) as Tensor2D;
    return drop(tf.matMul(vectors, table), sites.sourceEmbedding, t);
  });
  let last: CellState | undefined;
  for (const [i, directions] of encoder.entries()) {
    const runs = directions.map((layer) => runDirection(tf, layer, parameters, values, masks));
    values = values.map((_, t) => {
      const states = joinVectors(tf, runs.map(({ states }) => states[t]!));
      return drop(states, sites.encoder[i]!, t);
    });
    last = mapState(
      runs[0]!.last,
      (_, k) => joinVectors(tf, runs.map(({ last }) => last[k]!)),
    );
  }
  return { states: tf.stack(values, 1) as Tensor3D, mask, last: last! };
}

/** Advances a layer in its direction over all positions. At a masked position it keeps its state. */
function runDirection(
  tf: Tfjs,
  layer: RecurrentLayer,
  parameters: readonly Tensor[],
  input: readonly Tensor2D[],
  masks: readonly Tensor2D[],
): LayerStates {
  const { project, advance, begin } = bindCell(tf, layer, parameters);
  const positions = input.map((_, t) => t);
  if (layer.direction === "backward") positions.reverse();
  const states = new Array<Tensor2D>(input.length);
  let state = begin(input[0]!.shape[0]);
  for (const t of positions) {
    const next = advance(project(input[t]!), state);
    const [mask, before] = [masks[t]!, state];
    const keep = (value: Tensor2D, k: number): Tensor2D =>
      tf.add(tf.mul(value, mask), tf.mul(before[k]!, tf.sub(1, mask)));
    state = mapState(next, keep);
    states[t] = state[0];
  }
  return { states, last: state };
}

/** Concatenates vectors (B, F) of each example; those of one direction are as they are. */
function joinVectors(tf: Tfjs, vectors: readonly Tensor2D[]): Tensor2D {
  return vectors.length === 1 ? vectors[0]! : tf.concat([...vectors], 1);
}
