/** The state of an optimiser as tensors of tfjs. @module */
import type { OptimizerState } from "../executor.ts";
import type { OptimizerSettings } from "../optimizer.ts";
import { adam } from "./adam.ts";
import type { KeptTensors } from "./kept_tensors.ts";
import type { ReferenceOptimizer } from "./reference_optimizer.ts";

/** Every optimiser by its name. */
export const REFERENCE_OPTIMIZERS: Readonly<
  Record<OptimizerSettings["name"], ReferenceOptimizer<OptimizerSettings>>
> = { adam };

/** The state of an optimiser. */
export class ReferenceOptimizerState implements OptimizerState {
  readonly settings: OptimizerSettings;
  /** Its tensors, in the order of `nameOptimizerState`. */
  readonly kept: KeptTensors;
  readonly #forget: () => void;

  constructor(settings: OptimizerSettings, kept: KeptTensors, forget: () => void) {
    this.settings = settings;
    this.kept = kept;
    this.#forget = forget;
  }

  get disposed(): boolean {
    return this.kept.disposed;
  }

  [Symbol.dispose](): void {
    this.kept[Symbol.dispose]();
    this.#forget();
  }
}
