import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { chooseDevice } from "../../src/device/choose.ts";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { createModel } from "../../src/model/create_model.ts";
import type { StepEvent } from "../../src/training/events.ts";
import type { TrainingOptions } from "../../src/training/options.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import type { SavedTraining } from "../../src/training/training.ts";
import { takeOneByOne } from "../changed_device.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";

/** It stops after any step. */
const device = takeOneByOne(await chooseDevice("cpu"));
const split = makeTinySplit();

/** Trains until a step, and gives the checkpoint of that moment. */
async function trainUntil(step: number, options: Partial<TrainingOptions>): Promise<Checkpoint> {
  using model = await createModel(TINY_MODEL, { device, seed: 5 });
  using training = createTraining(model, { ...TINY_OPTIONS, ...options });
  for await (const event of train(training, split)) {
    if (event.event === "step" && event.step === step) break;
  }
  return await takeCheckpoint(training, TINY_PROBLEM);
}

/** Continues a saved training, and gives its steps. */
async function goOn(
  saved: Checkpoint,
  options: Partial<TrainingOptions>,
): Promise<readonly StepEvent[]> {
  using model = await createModel(saved.model, { device, parameters: saved.parameters });
  using training = createTraining(model, { ...saved.training, ...options }, saved);
  const steps: StepEvent[] = [];
  for await (const event of train(training, split)) {
    if (event.event === "step") steps.push(event);
  }
  return steps;
}

const CONSTANT = { schedule: "constant", learningRate: 0.01 } as const;
const TRIANGULAR = { schedule: "triangular", warmup: 0.25 } as const;
const triangular = await trainUntil(9, TRIANGULAR);
const flat = await trainUntil(9, {});
const constant = await trainUntil(9, CONSTANT);
const finished = await trainUntil(Infinity, { ...CONSTANT, epochs: 2 });

Deno.test("createTraining() refuses options that change the meaning of a saved position, and names both values", async () => {
  const changes: [Checkpoint, Partial<TrainingOptions>, string][] = [
    [triangular, { batchSize: 100 }, "batchSize must stay 8, but is 100"],
    [triangular, { seed: 6 }, "seed must stay 5, but is 6"],
    [triangular, { schedule: "constant" }, "schedule must stay triangular, but is constant"],
    [triangular, { epochs: 9 }, "epochs must stay 4, but is 9"],
    [triangular, { epochs: 9 }, "with the constant schedule can continue with other epochs"],
    [triangular, { warmup: 0.5 }, "warmup must stay 0.25, but is 0.5"],
    [triangular, { swap: true }, "swap must stay false, but is true"],
    [triangular, { weighted: true }, "weighted must stay false, but is true"],
    [flat, { epochs: 9 }, "epochs must stay 4, but is 9"],
    [flat, { warmup: 0.5 }, "warmup must stay 0.2, but is 0.5"],
    [constant, { batchSize: 4 }, "batchSize must stay 8, but is 4"],
    [constant, { schedule: "triangular" }, "schedule must stay constant, but is triangular"],
  ];
  for (const [saved, change, words] of changes) {
    using model = await createModel(TINY_MODEL, { device });
    const create = (): unknown => createTraining(model, { ...saved.training, ...change }, saved);
    assertThrows(create, RangeError, words);
  }
});

Deno.test("a saved training continues with new values of options that its position does not depend on", async () => {
  const lower = await goOn(triangular, { learningRate: 1e-3, patience: 3, weightDecay: 0 });
  assertEquals(lower.map(({ step }) => step), Array.from({ length: 19 }, (_, i) => i + 10));
  assert(lower.every(({ learningRate }) => learningRate > 0 && learningRate <= 1e-3));
  const longer = await goOn(constant, { epochs: 6, warmup: 0.1 });
  assertEquals(longer.at(-1)!.step, 42);
});

Deno.test("a saved training does not continue with fewer epochs than are done", async () => {
  using model = await createModel(TINY_MODEL, { device });
  assertThrows(
    () => createTraining(model, { ...finished.training, epochs: 1 }, finished),
    RangeError,
    "epochs must be at least 2, the number of epochs that are done, but is 1",
  );
});

Deno.test("a finished training with the constant schedule continues with more epochs", async () => {
  assertEquals(await goOn(finished, {}), []);
  const more = await goOn(finished, { epochs: 3 });
  assertEquals(more.map(({ step }) => step), [15, 16, 17, 18, 19, 20, 21]);
  assert(more.every(({ learningRate }) => learningRate === 0.01));
});

Deno.test("a training that was saved before its first step accepts any options", async () => {
  const begun = await trainUntil(0, {});
  const saved = {
    ...begun,
    progress: { ...begun.progress, step: 0, batch: 0, lossSum: 0, history: [] },
  };
  assertEquals((await goOn(saved, { batchSize: 25, epochs: 1 })).length, 2);
});

Deno.test("a training that is read from its file continues as the one in memory does", async () => {
  const read = await decodeCheckpoint(await encodeCheckpoint(triangular));
  assertEquals(await goOn(read, {}), await goOn(triangular, {}));
});

Deno.test("createTraining() refuses impossible progress and moments", async () => {
  using model = await createModel(TINY_MODEL, { device });
  const { progress, moments } = finished;
  const epoch = progress.history[0]!;
  const broken = moments.map((tensor) =>
    tensor.name === "adam/v/lstm/bias" ? { ...tensor, values: tensor.values.map(() => -1) } : tensor
  );
  const wrong: [Partial<Record<keyof SavedTraining, unknown>>, string][] = [
    [{ progress: undefined }, "the progress must be an object, but is undefined"],
    [
      { progress: { ...progress, step: -1 } },
      "step of the progress must be 0 or a positive integer, but is -1",
    ],
    [{ progress: { ...progress, batch: 3 } }, "the step must be that of the last epoch's end (14)"],
    [{ progress: { ...progress, lossSum: NaN } }, "lossSum of the progress must be finite"],
    [{ progress: { ...progress, history: "none" } }, "history of the progress must be an array"],
    [{ progress: { ...progress, history: [epoch, epoch] } }, "epoch 2 is missing"],
    [
      { progress: { ...progress, history: [{ ...epoch, loss: NaN }], step: 7 } },
      "loss of epoch 1 must be finite",
    ],
    [
      { progress: { ...progress, history: [epoch, { ...epoch, epoch: 2 }] } },
      "epoch 2 ends at step 7 and the one before at step 7",
    ],
    [{ training: undefined }, "the saved options must be an object, but are undefined"],
    [{ moments: null }, "the tensors must be an array, but are null"],
    [{ moments: moments.slice(1) }, '"adam/m/lstm/kernel"'],
    [{ moments: broken }, 'every value of "adam/v/lstm/bias" must be finite, and 0 or more'],
  ];
  for (const [change, words] of wrong) {
    const saved = { ...finished, ...change } as SavedTraining;
    assertThrows(() => createTraining(model, finished.training, saved), Error, words);
  }
});

Deno.test("createTraining() keeps copies of progress and options", async () => {
  using model = await createModel(TINY_MODEL, { device });
  const progress = structuredClone(finished.progress) as unknown as {
    step: number;
    history: unknown[];
  };
  const options = { ...finished.training, stopAt: { metric: "loss", value: 0 } as const };
  const saved = { ...finished, progress } as unknown as SavedTraining;
  using training = createTraining(model, options, saved);
  progress.step = 99;
  progress.history.length = 0;
  options.epochs = 77;
  Object.assign(options.stopAt, { value: 5 });
  assertEquals(training.progress, finished.progress);
  assertEquals([training.options.epochs, training.options.stopAt?.value], [2, 0]);
});

Deno.test("train() refuses a split of another size than the one that the training began with", async () => {
  const half = {
    ...split,
    training: {
      ...split.training,
      count: 25,
      sources: split.training.sources.slice(0, 25 * 3),
      targets: split.training.targets.slice(0, 25 * 2),
    },
  };
  using model = await createModel(TINY_MODEL, { device, parameters: triangular.parameters });
  using training = createTraining(model, triangular.training, triangular);
  assertThrows(() => train(training, half), RangeError, "this split has 4 batches of 8 examples");
  await assertRejects(
    async () => {
      for await (const _ of train(training, half));
    },
    RangeError,
    "it has taken 9 steps, of which 2 since the end of epoch 1",
  );
});
