import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { chooseDevice } from "../../src/device/choose.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { createDataset } from "../../src/dataset/dataset.ts";
import { createModel } from "../../src/model/create_model.ts";
import type { NamedTensor } from "../../src/network/parameters.ts";
import { generateAddition } from "../../src/problem/addition.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import { NonFiniteLossError, type TrainingEvent } from "../../src/training/events.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import type { Training } from "../../src/training/training.ts";
import {
  createTestClock,
  layOutTexts,
  makeTinySplit,
  TINY_MODEL,
  TINY_OPTIONS,
  TINY_PROBLEM,
} from "../tiny_training.ts";
import { takeOneByOne } from "../changed_device.ts";

/** It stops after any step. */
const device = takeOneByOne(await chooseDevice("cpu"));
const split = makeTinySplit();

async function collect(training: Training, stopAfterStep = Infinity): Promise<TrainingEvent[]> {
  const controller = new AbortController();
  const events: TrainingEvent[] = [];
  const { signal } = controller;
  for await (const event of train(training, split, { signal, now: createTestClock() })) {
    events.push(event);
    if (event.event === "step" && event.step === stopAfterStep) controller.abort();
  }
  return events;
}

Deno.test("train() reports every step, every epoch with samples, and the end", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 5 });
  using training = createTraining(model, { ...TINY_OPTIONS, epochs: 2 });
  const events = await collect(training);
  const epoch = [...Array(7).fill("step"), "epoch", "samples"];
  assertEquals(events.map(({ event }) => event), [...epoch, ...epoch, "end"]);
  const end = events.at(-1)!;
  assert(end.event === "end" && end.reason === "epochs" && end.epochs === 2);
});

Deno.test("train() reports samples of the validation split, not reversed", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 5 });
  using training = createTraining(model, { ...TINY_OPTIONS, epochs: 1 });
  const samples = (await collect(training)).flatMap((event) =>
    event.event === "samples" ? event.samples : []
  );
  assertEquals(samples.length, 5);
  for (const { question, target } of samples) {
    const [a, b] = question.split("+").map(Number);
    assertEquals(target, String(a! + b!));
  }
});

Deno.test("a training stopped after any step and resumed equals one that was not stopped, bit for bit", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 5 });
  using training = createTraining(model, TINY_OPTIONS);
  await collect(training);
  const expected = await takeCheckpoint(training, TINY_PROBLEM);
  for (const stop of [1, 6, 7, 14, 20]) {
    using before = await createModel(TINY_MODEL, { device, seed: 5 });
    using interrupted = createTraining(before, TINY_OPTIONS);
    const events = await collect(interrupted, stop);
    const end = events.at(-1)!;
    assert(end.event === "end" && end.reason === "interrupted");
    const saved = await takeCheckpoint(interrupted, TINY_PROBLEM);
    assertEquals(saved.progress.step, stop);
    using after = await createModel(TINY_MODEL, { device, parameters: saved.parameters });
    using resumed = createTraining(after, saved.training, saved);
    await collect(resumed);
    const found = await takeCheckpoint(resumed, TINY_PROBLEM);
    const withoutTimes = ({ progress, ...rest }: typeof found): unknown => ({
      ...rest,
      history: progress.history.map(({ elapsedMs: _, ...metrics }) => metrics),
    });
    assertEquals(withoutTimes(found), withoutTimes(expected), `stopped after step ${stop}`);
  }
});

Deno.test("the same seed gives the same bytes, and another seed gives others", async () => {
  const run = async (seed: number): Promise<string> => {
    using model = await createModel(TINY_MODEL, { device, seed });
    using training = createTraining(model, { ...TINY_OPTIONS, seed, epochs: 1 });
    await collect(training);
    const { parameters } = await takeCheckpoint(training, TINY_PROBLEM);
    return JSON.stringify(parameters.map(({ values }) => [...values]));
  };
  const first = await run(1);
  assertEquals(await run(1), first);
  assert(await run(2) !== first);
});

Deno.test("a tiny model learns all sums of one digit", async () => {
  const all = createDataset(generateAddition({ digits: 1 }), TINY_MODEL);
  using model = await createModel({ ...TINY_MODEL, hiddenSize: 32 }, { device, seed: 1 });
  using training = createTraining(model, {
    epochs: 150,
    batchSize: 11,
    weightDecay: 0,
    stopAt: { metric: "exactMatch", value: 1 },
  });
  for await (const _ of train(training, { training: all, validation: all }, { samples: 0 }));
  assertEquals((await evaluate(model, all)).exactMatch, 1);
});

Deno.test("train() throws an error that names the step when the loss is not finite", async () => {
  using model = await createModel({ ...TINY_MODEL, cell: "simple" }, { device });
  using training = createTraining(model, {
    ...TINY_OPTIONS,
    learningRate: 1e38,
    weightDecay: 0,
    schedule: "constant",
  });
  const error = await assertRejects(() => collect(training), NonFiniteLossError);
  assert(error.message.includes(`at step ${error.step}`), error.message);
  await assertRejects(() => takeCheckpoint(training, TINY_PROBLEM), RangeError, "finite");
});

Deno.test("train() refuses a split that does not fit the model", async () => {
  using model = await createModel({ ...TINY_MODEL, ...layOutTexts(5, 2) }, { device });
  using training = createTraining(model, TINY_OPTIONS);
  await assertRejects(
    () => collect(training),
    TypeError,
    "the model, whose source has the length 5, but that of the dataset is 3",
  );
});

Deno.test("a training that is complete ends at once", async () => {
  using model = await createModel(TINY_MODEL, { device });
  using training = createTraining(model, { ...TINY_OPTIONS, epochs: 1 });
  await collect(training);
  assertEquals((await collect(training)).map(({ event }) => event), ["end"]);
});

Deno.test("createTraining() refuses moments of another model, by name, and impossible values", async () => {
  using model = await createModel(TINY_MODEL, { device });
  using training = createTraining(model, TINY_OPTIONS);
  const saved = await takeCheckpoint(training, TINY_PROBLEM);
  const resume = (moments: readonly NamedTensor[]): Training =>
    createTraining(model, TINY_OPTIONS, { ...saved, moments });
  assertThrows(() => resume([]), TypeError, '"adam/m/lstm/kernel" must have the shape (12, 32)');
  const negative = saved.moments.map((tensor) => ({
    ...tensor,
    values: tensor.values.map(() => -1),
  }));
  assertThrows(() => resume(negative), TypeError, '"adam/v/lstm/kernel" must be finite, and 0 or');
});

Deno.test("evaluate() reports its progress in examples", async () => {
  using model = await createModel(TINY_MODEL, { device });
  const { training } = makeTinySplit();
  const seen: [number, number][] = [];
  await evaluate(model, training, {
    batchSize: 20,
    onProgress: (done, of) => seen.push([done, of]),
  });
  assertEquals(seen, [[20, 50], [40, 50], [50, 50]]);
});
