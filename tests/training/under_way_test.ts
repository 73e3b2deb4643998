import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { chooseDevice } from "../../src/device/choose.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { createModel } from "../../src/model/create_model.ts";
import type { Model } from "../../src/model/model.ts";
import { readParameters, writeParameters } from "../../src/model/model_parameters.ts";
import { predict } from "../../src/model/predict.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import { NonFiniteLossError } from "../../src/training/events.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import type { Training } from "../../src/training/training.ts";
import { testOnEveryDevice } from "../devices.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";

const device = await chooseDevice("cpu");
const split = makeTinySplit();

async function takeAll(training: Training): Promise<void> {
  for await (const _ of train(training, split, { samples: 0 }));
}

Deno.test("train() refuses a second loop over a training, and over its model, until the first has ended", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 1 });
  using training = createTraining(model, TINY_OPTIONS);
  using other = createTraining(model, TINY_OPTIONS);
  for await (const event of train(training, split)) {
    if (event.event !== "step") continue;
    await assertRejects(() => takeAll(training), Error, "another loop over this training");
    await assertRejects(() => takeAll(other), Error, "another training of this model");
    break;
  }
  await takeAll(training);
  assertEquals(training.progress.step, 28);
});

Deno.test("of two loops that begin at once, one trains and the other is refused", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 1 });
  using training = createTraining(model, TINY_OPTIONS);
  const results = await Promise.allSettled([takeAll(training), takeAll(training)]);
  assertEquals(results.map(({ status }) => status), ["fulfilled", "rejected"]);
  assertEquals(training.progress.step, 28);
});

Deno.test("a training can be used again after its loop failed or was left", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 1 });
  using training = createTraining(model, TINY_OPTIONS);
  await assertRejects(
    async () => {
      for await (const _ of train(training, split)) throw new Error("the consumer's");
    },
    Error,
    "the consumer's",
  );
  await takeAll(training);
  {
    using left = createTraining(model, { ...TINY_OPTIONS, epochs: 9 });
    await train(left, split).next(); // the loop is never ended
  }
  using next = createTraining(model, { ...TINY_OPTIONS, epochs: 1 });
  await takeAll(next);
  assertEquals(next.progress.step, 7);
});

testOnEveryDevice(
  "takeCheckpoint() in the midst of steps gives parameters, moments and progress of one step",
  async (device) => {
    using model = await createModel(TINY_MODEL, { device, seed: 1 });
    using training = createTraining(model, TINY_OPTIONS);
    const events = train(training, split, { samples: 0 });
    const pending = events.next(); // steps are under way
    const [early] = await Promise.all([takeCheckpoint(training, TINY_PROBLEM), pending]);
    for await (const _ of events);
    using again = await createModel(TINY_MODEL, { device, parameters: early.parameters });
    using resumed = createTraining(again, early.training, early);
    await takeAll(resumed);
    const [expected, found] = [
      await takeCheckpoint(training, TINY_PROBLEM),
      await takeCheckpoint(resumed, TINY_PROBLEM),
    ];
    assertEquals(found.progress.step, expected.progress.step);
    assertEquals(found.parameters, expected.parameters);
    assertEquals(found.moments, expected.moments);
  },
);

Deno.test("evaluate() and predict() refuse a model that changes while they compute", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 1 });
  using training = createTraining(model, TINY_OPTIONS);
  let now = 0;
  const options = { batchSize: 1, now: (): number => now += 1000 }; // the event loop has a turn after every batch
  const evaluation = evaluate(model, split.training, options);
  const prediction = predict(model, Array.from({ length: 50 }, () => "1+1"), options);
  const results = await Promise.allSettled([takeAll(training), evaluation, prediction]);
  assertEquals(results.map(({ status }) => status), ["fulfilled", "rejected", "rejected"]);
  for (const result of results.slice(1)) {
    assert(result.status === "rejected");
    assert(result.reason.message.includes("were changed meanwhile"), result.reason.message);
  }
  assertEquals((await evaluate(model, split.training)).examples, 50);
});

Deno.test("every use of a model that was disposed of throws an error that says so, and disposing twice is allowed", async () => {
  const model = await createModel(TINY_MODEL, { device });
  const training = createTraining(model, TINY_OPTIONS);
  const values = await readParameters(model);
  model[Symbol.dispose]();
  model[Symbol.dispose]();
  assert(model.executor.disposed);
  const words = "the model was disposed of";
  await assertRejects(() => predict(model, ["1+1"]), Error, words);
  await assertRejects(() => evaluate(model, split.validation), Error, words);
  await assertRejects(() => takeAll(training), Error, words);
  await assertRejects(() => takeCheckpoint(training, TINY_PROBLEM), Error, words);
  assertThrows(() => createTraining(model, TINY_OPTIONS), Error, words);
  assertThrows(() => writeParameters(model, values), Error, words);
  await assertRejects(() => readParameters(model), Error, "was disposed of");
  training[Symbol.dispose]();
  training[Symbol.dispose]();
});

Deno.test("every use of a training that was disposed of throws an error that says so, also within its loop", async () => {
  using model = await createModel(TINY_MODEL, { device });
  const training = createTraining(model, TINY_OPTIONS);
  await assertRejects(
    async () => {
      for await (const _ of train(training, split)) training[Symbol.dispose]();
    },
    Error,
    "Cannot train: the training was disposed of",
  );
  await assertRejects(() => takeAll(training), Error, "the training was disposed of");
  await assertRejects(() => takeCheckpoint(training, TINY_PROBLEM), Error, "was disposed of");
});

Deno.test("a training whose step failed can neither be saved nor continued", async () => {
  using model = await createModel({ ...TINY_MODEL, cell: "simple" }, { device });
  const options = { ...TINY_OPTIONS, ...{ learningRate: 1e38, weightDecay: 0 } };
  using training = createTraining(model, { ...options, schedule: "constant" });
  await assertRejects(() => takeAll(training), NonFiniteLossError);
  const words = "continue from what was saved before";
  await assertRejects(() => takeCheckpoint(training, TINY_PROBLEM), RangeError, words);
  await assertRejects(() => takeAll(training), RangeError, words);
});

Deno.test("createModel(), writeParameters() and createTraining() copy the caller's arrays", async () => {
  using first = await createModel(TINY_MODEL, { device, seed: 1 });
  const given = await readParameters(first);
  const expected = structuredClone(given);
  using model: Model = await createModel(TINY_MODEL, { device, parameters: given });
  writeParameters(first, given);
  given.forEach(({ values }) => values.fill(7));
  assertEquals(await readParameters(model), expected);
  assertEquals(await readParameters(first), expected);
  const read = await readParameters(model);
  for (const { values, shape } of read) {
    values.fill(9);
    (shape as number[])[0] = 9;
  }
  assertEquals(await readParameters(model), expected);
  const moments = expected.flatMap(({ name, shape, values }) =>
    ["adam/m/", "adam/v/"].map((prefix) => ({
      ...{ name: prefix + name, shape },
      values: values.map(Math.abs),
    }))
  );
  const progress = { step: 0, batch: 0, lossSum: 0, elapsedMs: 0, history: [] };
  const kept = structuredClone(moments);
  using training = createTraining(model, TINY_OPTIONS, {
    ...{ moments, progress },
    training: createTraining(first, TINY_OPTIONS).options,
  });
  await takeAll(training);
  assertEquals(moments, kept);
});
