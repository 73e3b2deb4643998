/** What an optimiser is for the reference: two pure functions. @module */
import type { Tensor } from "@tensorflow/tfjs";
import type { Tfjs } from "./tfjs_webgpu.ts";

/** What differs from step to step. */
export interface StepRates {
  /** Number of the step, from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/** What an update gives. */
export interface Updated {
  /** New parameters, in the order of the old ones. */
  readonly parameters: readonly Tensor[];
  /** New state, in the order of the old one. */
  readonly state: readonly Tensor[];
}

/** An optimiser as two functions of tensors, which change none. */
export interface ReferenceOptimizer<Settings> {
  /** Makes the state at the start, in the order of `nameOptimizerState`. */
  init(tf: Tfjs, settings: Settings, parameters: readonly Tensor[]): readonly Tensor[];
  /** Computes parameters and state after a step. */
  update(
    tf: Tfjs,
    settings: Settings,
    state: readonly Tensor[],
    parameters: readonly Tensor[],
    gradients: readonly Tensor[],
    rates: StepRates,
  ): Updated;
}
