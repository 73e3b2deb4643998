/** The arguments of Adam. @module */
import type * as tf from "@tensorflow/tfjs";

/** A parameter, its moments and its gradient: four float32 tensors of one shape. */
export interface AdamTensors {
  /** The parameter; written. */
  readonly parameter: tf.Variable;
  /** First moment; written. */
  readonly m: tf.Variable;
  /** Second moment; written. */
  readonly v: tf.Variable;
  readonly gradient: tf.Tensor;
}

/** The settings of one update. */
export interface AdamUpdate {
  /** Number of this update, from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Share by which a matrix decays per unit of learning rate; vectors (biases) do not decay. */
  readonly weightDecay: number;
  /** Largest global norm of the gradients; 0 means no clipping. */
  readonly clipNorm: number;
}
