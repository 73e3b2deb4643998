import { assert, assertEquals, assertRejects } from "@std/assert";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import type { Model } from "../../src/model/model.ts";
import { createModel } from "../../src/model/create_model.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { NonFiniteLossError, type TrainingEvent } from "../../src/training/events.ts";
import { train } from "../../src/training/train.ts";
import type { Training } from "../../src/training/training.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";
import { createFakeDevice, type FakeDevice, fakeLoss, type FakeOptions } from "./fake_device.ts";

const split = makeTinySplit();
/** One example a step: 50 steps an epoch. */
const OPTIONS = { ...TINY_OPTIONS, batchSize: 1, epochs: 2 };

/** A training on a device that computes nothing. */
interface Fake extends Disposable {
  readonly device: FakeDevice;
  readonly model: Model;
  readonly training: Training;
}

async function createFake(options: FakeOptions, given: object = {}): Promise<Fake> {
  const device = createFakeDevice(options);
  const model = await createModel(TINY_MODEL, { device });
  const training = createTraining(model, { ...OPTIONS, ...given });
  return {
    ...{ device, model, training },
    [Symbol.dispose](): void {
      training[Symbol.dispose]();
      model[Symbol.dispose]();
      assertEquals(device.calls.held, 0, "examples, optimisers or steps were not disposed of");
    },
  };
}

async function collect(
  training: Training,
  see: (event: TrainingEvent) => unknown = () => {},
  signal?: AbortSignal,
): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of train(training, split, signal && { signal })) {
    events.push(event);
    await see(event);
  }
  return events;
}

function stepsOf(events: readonly TrainingEvent[]): number[] {
  return events.flatMap((event) => event.event === "step" ? [event.step] : []);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

for (
  const options of [{}, { bunch: 7 }, { late: 3 }, { bunch: 7, late: 3 }, { bunch: 99, late: 9 }]
) {
  Deno.test(`train() reports every step once and in order, with its figures: ${JSON.stringify(options)}`, async () => {
    using fake = await createFake(options);
    const events = await collect(fake.training);
    assertEquals(stepsOf(events), range(1, 100));
    for (const event of events) {
      if (event.event === "step") assertEquals(event.loss, fakeLoss(event.step));
    }
    assertEquals(fake.device.calls.taken, range(1, 100));
    const epoch = (number: number): string[] => [
      ...Array(50).fill("step"),
      ...["epoch", "samples"].map((name) => `${name} ${number}`),
    ];
    assertEquals(
      events.map((event) =>
        event.event === "epoch" || event.event === "samples"
          ? `${event.event} ${event.epoch}`
          : event.event
      ),
      [...epoch(1), ...epoch(2), "end"],
    );
    const means = [range(1, 50), range(51, 100)].map((steps) =>
      steps.map(fakeLoss).reduce((a, b) => a + b, 0) / 50
    );
    assertEquals(fake.training.progress.history.map(({ loss }) => loss), means);
  });
}

Deno.test("train() begins the last figures, the measurement and the samples of an epoch before it waits for one", async () => {
  using fake = await createFake({ bunch: 30, late: 9 }, { epochs: 1 });
  await collect(fake.training);
  const { names } = fake.device.calls;
  const calls = ["take", "figures", "take", "figures", "settle", "measure", "answer", "measure"];
  assertEquals(names.slice(0, calls.length), calls);
});

Deno.test("train() throws the error of a step after the events of those before it, and takes no more", async () => {
  using fake = await createFake({ bunch: 10, late: 1, failAt: 25 });
  const seen: TrainingEvent[] = [];
  const error = await assertRejects(
    () => collect(fake.training, (event) => seen.push(event)),
    Error,
  );
  assertEquals(error.message, "the device failed at step 25");
  assertEquals(stepsOf(seen), range(1, 20));
  assertEquals(fake.device.calls.taken, range(1, 40));
  const words = "continue from what was saved before (the device failed at step 25)";
  await assertRejects(() => takeCheckpoint(fake.training, TINY_PROBLEM), RangeError, words);
  await assertRejects(() => collect(fake.training), RangeError, words);
});

Deno.test("train() names the step whose loss is not finite, in the midst of a bunch, after the events before it", async () => {
  using fake = await createFake({ bunch: 10, nanAt: 13 });
  const seen: TrainingEvent[] = [];
  const error = await assertRejects(
    () => collect(fake.training, (event) => seen.push(event)),
    NonFiniteLossError,
    "at step 13 it is NaN",
  );
  assertEquals(error.step, 13);
  assertEquals(stepsOf(seen), range(1, 12));
  assertEquals(fake.training.progress.step, 12);
});

Deno.test("leaving the loop counts the steps that were taken, and the next loop continues after them", async () => {
  for (const options of [{}, { bunch: 10 }, { bunch: 10, late: 2 }]) {
    for (const leave of ["break", "throw"]) {
      using fake = await createFake(options);
      const { training, device: { calls } } = fake;
      const loop = async (): Promise<void> => {
        for await (const event of train(training, split)) {
          if (event.event !== "step" || event.step < 5) continue;
          if (leave === "throw") throw new Error("of the consumer");
          break;
        }
      };
      if (leave === "throw") await assertRejects(loop, Error, "of the consumer");
      else await loop();
      const last = calls.taken.at(-1)!;
      assertEquals(training.progress.step, last);
      assertEquals(training.progress.lossSum, range(1, last).reduce((sum, i) => sum + 1 / i, 0));
      assertEquals((await takeCheckpoint(training, TINY_PROBLEM)).progress.step, last);
      const events = await collect(training);
      assertEquals(stepsOf(events), range(last + 1, 100));
    }
  }
});

Deno.test("after the signal train() takes no step, and reports those that were taken before the end", async () => {
  using fake = await createFake({ bunch: 10, late: 2 });
  const controller = new AbortController();
  const events = await collect(
    fake.training,
    (event) => event.event === "step" && event.step === 5 && controller.abort(),
    controller.signal,
  );
  assertEquals(fake.device.calls.taken, range(1, 30));
  assertEquals(stepsOf(events), range(1, 30));
  const end = events.at(-1)!;
  assert(end.event === "end" && end.reason === "interrupted");
  assertEquals(fake.training.progress.step, 30);
});

Deno.test("a checkpoint between two events counts the steps that are under way, and their events still come", async () => {
  using fake = await createFake({ bunch: 10, late: 2 });
  const saved: number[] = [];
  const events = await collect(fake.training, async (event) => {
    if (event.event !== "step" || event.step !== 5) return;
    saved.push((await takeCheckpoint(fake.training, TINY_PROBLEM)).progress.step);
  });
  assertEquals(saved, [30]);
  assertEquals(stepsOf(events), range(1, 100));
});

Deno.test("checkpoints that are taken while a loop goes on are of one step each, and hold it up no longer than that", async () => {
  using fake = await createFake({ bunch: 3, late: 4 });
  const { training, device: { calls } } = fake;
  const saving: Promise<void>[] = [];
  const save = async (): Promise<void> => {
    const { progress } = await takeCheckpoint(training, TINY_PROBLEM);
    const { step, batch, lossSum, history } = progress;
    assertEquals(step, 50 * history.length + batch);
    const losses = range(step - batch + 1, step).map(fakeLoss);
    assertEquals(lossSum, losses.reduce((a, b) => a + b, 0));
  };
  const events = await collect(training, (event) => {
    if (event.event === "step") saving.push(save());
  });
  await Promise.all(saving);
  assertEquals(stepsOf(events), range(1, 100));
  assertEquals(calls.names.filter((name) => name === "readState").length, 100);
});

for (const options of [{}, { bunch: 7 }, { bunch: 3, late: 2 }, { bunch: 99, late: 9 }]) {
  Deno.test(`with settleEvery the training is exactly at every such step when its event comes: ${JSON.stringify(options)}`, async () => {
    for (const settleEvery of [1, 5, 33, 1000]) {
      using fake = await createFake(options);
      const { training, device: { calls } } = fake;
      const saved: number[] = [];
      const seen: number[] = [];
      for await (const event of train(training, split, { settleEvery })) {
        if (event.event !== "step") continue;
        seen.push(event.step);
        if (event.step % settleEvery !== 0) continue;
        assertEquals(calls.taken.at(-1), event.step);
        assertEquals(training.progress.step, event.step);
        saved.push((await takeCheckpoint(training, TINY_PROBLEM)).progress.step);
      }
      assertEquals(seen, range(1, 100));
      assertEquals(saved, seen.filter((step) => step % settleEvery === 0));
    }
  });
}

Deno.test("a training that was saved between two such steps settles at the same steps as one without interruption", async () => {
  using fake = await createFake({ bunch: 7 });
  const { training, device: { calls } } = fake;
  for await (const _ of train(training, split, { settleEvery: 9 })) break;
  assertEquals(calls.taken.at(-1), 7);
  for await (const event of train(training, split, { settleEvery: 5 })) {
    if (event.event === "step" && event.step % 5 === 0) {
      assertEquals(calls.taken.at(-1), event.step);
    }
  }
});

Deno.test("a training that is disposed of while its loop waits ends the steps, so that another training of the model can take some", async () => {
  using fake = await createFake({ bunch: 10, late: 2 });
  const left = createTraining(fake.model, OPTIONS);
  await train(left, split).next(); // the loop is never ended
  left[Symbol.dispose]();
  assertEquals(stepsOf(await collect(fake.training)), range(1, 100));
  fake.device.calls.held -= 2; // the examples of the loop that never ended are freed with the model
});

Deno.test("10,000 steps are taken without a promise for each", async () => {
  using fake = await createFake({ bunch: 50, late: 3 }, { epochs: 200 });
  let steps = 0;
  for await (const event of train(fake.training, split, { samples: 0 })) {
    if (event.event === "step") steps++;
  }
  assertEquals(steps, 10_000);
  const { names } = fake.device.calls;
  assertEquals(names.filter((name) => name === "take").length, 200);
  assert(names.length < 2000, `the device was called ${names.length} times`);
});
