/** The optimiser of a checkpoint as Keras has it: its settings, its state, its loss. @module */
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { TrainingProgress } from "../../training/progress.ts";
import type { TrainingOptions } from "../../training/options.ts";
import { learningRateAt } from "../../training/schedule.ts";
import type { Hdf5Dataset } from "../hdf5/hdf5_tree.ts";
import { describeKeras, type KerasObject } from "./keras_layers.ts";
import { MOST_STEPS } from "./most_steps.ts";

/** Keras' own learning rate of Adam, for a training that has no next step. */
const DEFAULT_RATE = 0.001;

/**
 * Describes what `compile()` gets: the optimiser, the loss with its label smoothing, and the accuracy. With the decoder `attention` the
 * loss is the mean over the positions that count, if `fit` gets their weights.
 */
export function describeCompile(
  { training, model: { decoder } }: Pick<Checkpoint, "training" | "model">,
  learningRate: number,
): Readonly<Record<string, unknown>> {
  const { labelSmoothing } = training;
  const loss = {
    ...(labelSmoothing > 0 && { label_smoothing: labelSmoothing }),
    ...(decoder === "attention" && { reduction: "mean_with_sample_weight" }),
  };
  const accuracy = decoder === "attention"
    ? { metrics: null, weighted_metrics: ["accuracy"] }
    : { metrics: ["accuracy"], weighted_metrics: null };
  return {
    optimizer: describeOptimizer(training, learningRate),
    loss: Object.keys(loss).length === 0
      ? "categorical_crossentropy"
      : describeKeras("keras.losses", "CategoricalCrossentropy", {
        ...{ name: "categorical_crossentropy", from_logits: false },
        ...loss,
      }),
    ...{ loss_weights: null, ...accuracy },
    ...{ run_eagerly: false, steps_per_execution: 1, jit_compile: "auto" },
  };
}

function describeOptimizer(training: TrainingOptions, learningRate: number): KerasObject {
  const { beta1, beta2, epsilon, clipNorm, weightDecay } = training;
  return describeKeras("keras.optimizers", weightDecay > 0 ? "AdamW" : "Adam", {
    name: optimizerName(training),
    ...{ learning_rate: learningRate, beta_1: beta1, beta_2: beta2, epsilon, amsgrad: false },
    ...(weightDecay > 0 && { weight_decay: weightDecay }),
    ...(clipNorm > 0 && { global_clipnorm: clipNorm }),
  });
}

/** Gives the name of the optimiser in a file: AdamW's, if there is decay. */
export function optimizerName({ weightDecay }: Pick<TrainingOptions, "weightDecay">): string {
  return weightDecay > 0 ? "adam_w" : "adam";
}

/**
 * Gives the rate with which training goes on elsewhere: that of a constant schedule, or that of the next step in another one, whose
 * number of steps is known after the first epoch; if there is none, 0.001.
 */
export function nextLearningRate(
  { training, progress }: Pick<Checkpoint, "training" | "progress">,
): number {
  if (training.schedule === "constant") return training.learningRate;
  const steps = countSteps(training, progress);
  const next = progress.step + 1;
  if (steps === undefined || next > steps) return DEFAULT_RATE;
  return learningRateAt(next, steps, training) || DEFAULT_RATE;
}

function countSteps(
  { epochs }: TrainingOptions,
  { history }: TrainingProgress,
): number | undefined {
  const first = history[0];
  return first === undefined ? undefined : first.step * epochs;
}

/** The numbers of an optimiser that has moments. */
export type OptimizerState = Pick<Checkpoint, "moments" | "progress">;

/**
 * Lists the optimiser's variables in Keras' order: the number of steps, the learning rate, and of every parameter the first moment
 * and the second.
 *
 * @param order the names of the parameters in Keras' order
 * @throws {RangeError} if it has taken more steps than Keras counts
 */
export function listOptimizerVariables(
  { moments, progress: { step, stepsBefore = 0 } }: OptimizerState,
  order: readonly string[],
  learningRate: number,
): Hdf5Dataset[] {
  const steps = step + stepsBefore;
  if (steps > MOST_STEPS) {
    throw new RangeError(
      `Cannot export the optimiser's state: Keras counts at most ${MOST_STEPS} steps, but it has taken ${steps}; without it the model can be exported`,
    );
  }
  const byName = new Map(moments.map((moment) => [moment.name, moment]));
  const slots = order.flatMap((name) =>
    ["m", "v"].map((slot) => toDataset(byName.get(`adam/${slot}/${name}`)!))
  );
  return [
    { type: "dataset", shape: [], values: Int32Array.of(steps) },
    { type: "dataset", shape: [], values: Float32Array.of(learningRate) },
    ...slots,
  ];
}

/** Makes a dataset of a tensor. */
export function toDataset(
  { shape, values }: { readonly shape: readonly number[]; readonly values: Float32Array },
): Hdf5Dataset {
  return { type: "dataset", shape, values };
}
