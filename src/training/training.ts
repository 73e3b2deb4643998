/** What a training is: its model, its options, its optimiser and its progress. @module */
import type { OptimizerState } from "../device/executor.ts";
import type { Model } from "../model/model.ts";
import type { NamedTensor } from "../network/parameters.ts";
import type { TrainingOptions } from "./options.ts";
import type { TrainingProgress } from "./progress.ts";

/**
 * A training. It holds the optimiser's state on the device: declare it with `using`, or dispose of it. A notebook shows it as learning
 * curves.
 */
export interface Training extends Disposable {
  /** The model that is trained. Disposing of the training does not dispose of it. */
  readonly model: Model;
  /** Its options, all of them given. */
  readonly options: TrainingOptions;
  /** The optimiser, with Adam's moments on the model's device. */
  readonly optimizer: OptimizerState;
  /** How far it has come; `train()` updates it. */
  readonly progress: TrainingProgress;
}

/** A saved training without its model. A checkpoint is one. */
export interface SavedTraining {
  /** Its options. The meaning of its progress depends on some of them. */
  readonly training: TrainingOptions;
  /** Adam's moments. */
  readonly moments: readonly NamedTensor[];
  /** How far it had come. */
  readonly progress: TrainingProgress;
}
