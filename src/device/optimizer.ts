/** Optimisers as data: their settings, their state, and what they compute before a step. @module */

/**
 * Adam with decoupled weight decay, after the gradients' global norm is limited.
 *
 *   g' = g · min(1, clipNorm / ‖all g‖)
 *   m' = m + (g' - m) (1 - beta1);  v' = v + (g'² - v) (1 - beta2)
 *   p' = p · decay - alpha · m' / (√v' + epsilon)
 *
 * `decay` is 1 for vectors (biases). Source: Kingma & Ba 2015; Loshchilov & Hutter 2019; epsilon outside the corrected root
 * as in keras/src/optimizers/adam.py.
 */
export interface AdamSettings {
  /** Its name. */
  readonly name: "adam";
  /** Decay of the first moment, in [0, 1). */
  readonly beta1: number;
  /** Decay of the second moment, in [0, 1). */
  readonly beta2: number;
  /** Number that is added to the root of the second moment, above 0. */
  readonly epsilon: number;
  /** Decoupled weight decay of matrices, 0 or more. */
  readonly weightDecay: number;
  /** Largest global norm of the gradients; 0: no limit. */
  readonly clipNorm: number;
  /** Number of steps that the moments had seen before step 1. Default 0. */
  readonly stepsBefore?: number;
}

/** The settings of an optimiser. */
export type OptimizerSettings = AdamSettings;

/** For each optimiser, what it keeps of every parameter, each in a tensor of the parameter's shape; at the start, zeros. */
export const OPTIMIZER_SLOTS: Record<OptimizerSettings["name"], readonly string[]> = {
  adam: ["m", "v"],
};

/** Names the tensors of an optimiser's state: `adam/m/lstm/kernel` …, slot by slot, in the order of the parameters. */
export function nameOptimizerState(
  name: OptimizerSettings["name"],
  parameters: readonly { readonly name: string }[],
): string[] {
  return OPTIMIZER_SLOTS[name].flatMap((slot) =>
    parameters.map((parameter) => `${name}/${slot}/${parameter.name}`)
  );
}

/** What an update of Adam needs besides its settings. */
export interface AdamRates {
  /** learningRate · √(1 - beta2^t) / (1 - beta1^t), t = stepsBefore + step */
  readonly alpha: number;
  /** 1 - learningRate · weightDecay: the factor of matrices. */
  readonly decay: number;
}

/** Computes the rates of a step. @param step number of the step, from 1 */
export function adamRates(
  { beta1, beta2, weightDecay, stepsBefore = 0 }: AdamSettings,
  step: number,
  learningRate: number,
): AdamRates {
  const t = stepsBefore + step;
  return {
    alpha: learningRate * Math.sqrt(1 - beta2 ** t) / (1 - beta1 ** t),
    decay: 1 - learningRate * weightDecay,
  };
}
