/** The batch of a training step in the kernels' memory. @module */
import type { StepRegularization } from "../executor.ts";
import type { ExampleSpans } from "./attention/spans.ts";
import type { PassInput } from "./pass_arguments.ts";

/** The batch of a step. */
export interface TrainingBatch {
  readonly examples: number;
  readonly input: PassInput;
  /** The time steps that the held examples need; only networks with attention ask for it. */
  readonly spans?: ExampleSpans;
  /** Default: none. */
  readonly regularization?: StepRegularization;
}
