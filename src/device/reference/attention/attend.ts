/** Luong's general attention, by tfjs's own operations. @module */
import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import type { AttentionLayer } from "../../../network/network.ts";
import type { Tfjs } from "../tfjs_webgpu.ts";
import type { EncodedSources } from "./run_encoder.ts";

/** Added to the score of a masked position, so that the exponential of it is exactly 0. */
const MASKED = -1e9;

/** What attention gives at a time step. */
export interface Attended {
  /** Its output y, float32 (B, H). */
  readonly output: Tensor2D;
  /** How much each position was looked at, float32 (B, T_in): 0 where masked. The sum of a row is 1, or 0. */
  readonly weights: Tensor2D;
}

/**
 * Looks at the encoder's states. Equations: `AttentionLayer`.
 *
 * @param h the decoder's state, float32 (B, H)
 */
export function attend(
  tf: Tfjs,
  { firstParameter }: AttentionLayer,
  parameters: readonly Tensor[],
  { states, mask }: Pick<EncodedSources, "states" | "mask">,
  h: Tensor2D,
): Attended {
  const [scoreKernel, kernel, bias] = parameters.slice(firstParameter) as Tensor2D[];
  const [B, T, H] = states.shape;
  const query: Tensor3D = tf.reshape(tf.matMul(h, scoreKernel!), [B, 1, H]);
  const scores: Tensor2D = tf.reshape(tf.matMul(query, states, false, true), [B, T]);
  const masked = tf.add(tf.mul(scores, mask), tf.mul(tf.sub(1, mask), MASKED));
  // the softmax of masked positions alone is not 0
  const weights: Tensor2D = tf.mul(tf.softmax(masked), mask);
  const context: Tensor2D = tf.reshape(
    tf.matMul(tf.reshape(weights, [B, 1, T]) as Tensor3D, states),
    [B, H],
  );
  const output = tf.tanh(tf.add(tf.matMul(tf.concat([context, h], 1), kernel!), bias!));
  return { output: output as Tensor2D, weights };
}
