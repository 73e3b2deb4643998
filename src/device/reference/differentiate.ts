/** A batch forward and back, by tfjs's own operations and its gradient tape. @module */
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import type { Network } from "../../network/network.ts";
import { batchFigures, crossEntropy } from "./cross_entropy.ts";
import { runNetwork } from "./forward.ts";
import type { Tfjs } from "./tfjs_webgpu.ts";

/** Indices of a batch on the device. */
export interface BatchTensors {
  /** int32 (B, T_in) */
  readonly sources: Tensor2D;
  /** int32 (B, T_out) */
  readonly targets: Tensor2D;
}

/** The logits of a batch, float32 (B, T_out, V), and the loss of each of its examples, float32 (B). */
export interface MeasuredTensors {
  readonly logits: Tensor3D;
  readonly losses: Tensor1D;
}

/** Runs a network over a batch, and compares the logits with the targets. */
export function measureBatch(
  tf: Tfjs,
  network: Network,
  parameters: readonly Tensor[],
  { sources, targets }: BatchTensors,
): MeasuredTensors {
  const logits = runNetwork(tf, network, parameters, sources);
  return { logits, losses: crossEntropy(tf, logits, targets) };
}

/**
 * Computes the figures of a batch, float32 (3), and the gradient of its mean loss with respect to every parameter.
 *
 * The caller calls it within `tf.tidy`.
 */
export function differentiateBatch(
  tf: Tfjs,
  network: Network,
  parameters: readonly Tensor[],
  batch: BatchTensors,
): { readonly figures: Tensor1D; readonly gradients: readonly Tensor[] } {
  let figures: Tensor1D | undefined;
  const { grads } = tf.valueAndGrads((...tracked) => {
    const { logits, losses } = measureBatch(tf, network, tracked, batch);
    figures = tf.keep(batchFigures(tf, losses, logits, batch.targets));
    return tf.mean(losses);
  })([...parameters]);
  const result = tf.clone(figures!); // for `tf.tidy` of the caller, which does not see what is kept
  figures!.dispose();
  return { figures: result, gradients: grads };
}
