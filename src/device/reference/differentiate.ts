/** A batch forward and back, by tfjs's own operations and its gradient tape. @module */
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import type { Network } from "../../network/network.ts";
import type { DropValues } from "./attention/drop_values.ts";
import { runTeacherForced } from "./attention/run_attention.ts";
import { batchFigures, crossEntropy, type TargetTensors } from "./cross_entropy.ts";
import { runRepeat } from "./run_repeat.ts";
import type { Tfjs } from "./tfjs_webgpu.ts";

/** A batch on the device. */
export interface BatchTensors extends TargetTensors {
  /** Indices, int32 (B, T_in). */
  readonly sources: Tensor2D;
}

/** What keeps the network from memorising, for one batch. */
export interface BatchRegularization {
  /** Its dropout. */
  readonly drop: DropValues;
  /** Label smoothing, ε. */
  readonly labelSmoothing: number;
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
  batch: BatchTensors,
  { drop, labelSmoothing }: BatchRegularization,
): MeasuredTensors {
  const logits = network.decoder === "repeat"
    ? runRepeat(tf, network, parameters, batch.sources)
    : runTeacherForced(tf, network, parameters, batch, drop);
  return { logits, losses: crossEntropy(tf, logits, batch, labelSmoothing) };
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
  regularization: BatchRegularization,
): { readonly figures: Tensor1D; readonly gradients: readonly Tensor[] } {
  let figures: Tensor1D | undefined;
  const { grads } = tf.valueAndGrads((...tracked) => {
    const { logits, losses } = measureBatch(tf, network, tracked, batch, regularization);
    figures = tf.keep(batchFigures(tf, losses, logits, batch));
    return tf.div(tf.sum(losses), tf.sum(batch.counted));
  })([...parameters]);
  const result = tf.clone(figures!); // for `tf.tidy` of the caller, which does not see what is kept
  figures!.dispose();
  return { figures: result, gradients: grads };
}
