/** What an optimiser is for the GPU. @module */
import type { OptimizerSettings } from "../../optimizer.ts";
import type { Struct } from "../struct.ts";

/** An optimiser as WGSL, and what the host computes for it. */
export interface OptimizerKernel<Settings extends OptimizerSettings = OptimizerSettings> {
  /** Names of what it keeps of every parameter, in the order of `OPTIMIZER_SLOTS`; zeros at the start. */
  readonly slots: readonly string[];
  /** The struct `Settings`: what is the same at every step. */
  readonly settings: Pick<Struct<string>, "wgsl" | "sizeBytes">;
  /** Gives its bytes. */
  packSettings(settings: Settings): Uint8Array<ArrayBuffer>;
  /** The struct `Rates`: what differs from step to step, float32. */
  readonly rates: string;
  /** Number of its fields. */
  readonly rateCount: number;
  /** Gives the numbers of a step. @param step its number, from 1 */
  computeRates(settings: Settings, step: number, learningRate: number): readonly number[];
  /**
   * The statements that update the quad `at` of the parameters, `w`. They read `g`, its gradient; `r`, the step's rates;
   * `o`, the settings; `is_bias`; and read and write each slot at `at`.
   */
  readonly update: string;
  /** Gives the statement that limits the gradients: `factor`, from their norm `norm`. */
  readonly clip: string;
}
