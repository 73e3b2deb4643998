/** Checkpoints of small models of every kind, for tests of what leaves and comes in. @module */
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { createDataset } from "../../src/dataset/dataset.ts";
import { splitDataset } from "../../src/dataset/split.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { createModel } from "../../src/model/create_model.ts";
import { predict } from "../../src/model/predict.ts";
import type { GivenModelConfig, GivenModelShape } from "../../src/network/config.ts";
import { generateAddition } from "../../src/problem/addition.ts";
import { findKind, resolveProblem } from "../../src/problem/registry.ts";
import { createTraining } from "../../src/training/create_training.ts";
import type { TrainingOptions } from "../../src/training/options.ts";
import { train } from "../../src/training/train.ts";

/** What is trained. */
export interface MadeModel extends Partial<GivenModelShape> {
  /** Most digits of a number. Default 2. */
  readonly digits?: number;
  /** Number of steps of batch 32. Default 3. */
  readonly steps?: number;
  readonly training?: Partial<TrainingOptions>;
}

/** Trains a small model on sums for some steps, and takes its checkpoint: LSTM, hidden size 12, unless told otherwise. */
export async function makeCheckpoint(
  { digits = 2, steps = 3, training: options, ...shape }: MadeModel = {},
): Promise<Checkpoint> {
  const problem = resolveProblem({ name: "addition", digits });
  const layout = findKind("addition").layOut!(problem, shape.decoder !== "attention");
  const config: GivenModelConfig = { cell: "lstm", hiddenSize: 12, layers: 1, ...shape, ...layout };
  const device = await chooseDevice("cpu", { threads: 1 });
  using model = await createModel(config, { device, seed: 3 });
  using training = createTraining(model, { recipe: "notebook", batchSize: 32, ...options });
  const examples = generateAddition({ digits, examples: 55 });
  const split = splitDataset(createDataset(examples, layout), { seed: 1 });
  if (steps > 0) {
    for await (const event of train(training, split, { settleEvery: 1 })) {
      if (event.event === "step" && event.step >= steps) break;
    }
  }
  return await takeCheckpoint(training, problem);
}

/** Answers questions with the model of a checkpoint: what an exported one must answer too. */
export async function answerWith(
  checkpoint: Checkpoint,
  questions: readonly string[],
): Promise<{ readonly answer: string; readonly probability: number }[]> {
  const device = await chooseDevice("cpu", { threads: 1 });
  const { model: config, parameters } = checkpoint;
  using model = await createModel(config, { device, parameters });
  return (await predict(model, questions)).map(({ answer, probability }) => ({
    ...{ answer, probability },
  }));
}
