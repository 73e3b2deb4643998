/** One training step of the notebook's model, for benches: hidden 128, batch 128, 3 digits. @module */
import { createModel } from "../src/model/create_model.ts";
import { createOptimizer, takeStep } from "../src/training/optimizer.ts";
import type { Batch } from "../src/dataset/batches.ts";
import { configureTask, countStepFlops } from "./task.ts";

/** Arithmetic of the step, in GFLOP. */
export const STEP_GFLOP: number = countStepFlops(configureTask(128), 128) / 1e9;

/** Sizes that a bench may vary. */
export interface StepSizes {
  readonly hiddenSize: number;
  readonly batchSize: number;
}

/** Makes an arbitrary batch: the time does not depend on its contents. */
export function benchBatch(size: number): Batch {
  return {
    size,
    sources: Int32Array.from({ length: size * 7 }, (_, i) => (i * 7 + (i >> 3)) % 12),
    targets: Int32Array.from({ length: size * 4 }, (_, i) => (i * 5) % 12),
  };
}

/** Makes a model, and gives a function that takes one step and waits for its figures. */
export async function prepareStep(
  { hiddenSize, batchSize }: StepSizes = { hiddenSize: 128, batchSize: 128 },
): Promise<() => void> {
  const model = await createModel({
    cell: "lstm",
    hiddenSize,
    layers: 1,
    inputLength: 7,
    outputLength: 4,
    characters: " +0123456789",
    reverse: true,
  });
  const optimizer = createOptimizer(model);
  const batch = benchBatch(batchSize);
  let step = 0;
  return () => {
    step++;
    const figures = takeStep(model, optimizer, batch, {
      step,
      learningRate: 1e-3,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
      weightDecay: 0,
      clipNorm: 0,
    });
    figures.dataSync();
    figures.dispose();
  };
}
