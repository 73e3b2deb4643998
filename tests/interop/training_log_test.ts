import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { createTrainingLog, type TrainingLog } from "../../src/interop/tensorboard/training_log.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { createModel } from "../../src/model/create_model.ts";
import { createTraining } from "../../src/training/create_training.ts";
import type { EpochEvent, Sample, StepEvent, TrainingEvent } from "../../src/training/events.ts";
import type { TrainingOptions } from "../../src/training/options.ts";
import { train } from "../../src/training/train.ts";
import type { Training } from "../../src/training/training.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";
import { type ReadEvent, readEvents } from "./event_reader.ts";

const now = (): number => 0;

async function useTraining(
  work: (training: Training) => Promise<void> | void,
  options: Partial<TrainingOptions> = TINY_OPTIONS,
): Promise<void> {
  using model = await createModel(TINY_MODEL, {
    device: await chooseDevice("cpu", { threads: 1 }),
  });
  using training = createTraining(model, options);
  await work(training);
}

/** Gives the steps of a tag's values. */
function stepsOf(events: readonly ReadEvent[], tag: string): number[] {
  return events.filter(({ values }) => values.some((value) => value.tag === tag))
    .map(({ step }) => step);
}

function textOf(events: readonly ReadEvent[], tag: string): string {
  return events.flatMap(({ values }) => values).findLast((value) => value.tag === tag)!.text!;
}

function encodeAll(log: TrainingLog, events: readonly TrainingEvent[]): ReadEvent[] {
  return events.flatMap((event) => readEvents(log.encode(event)));
}

function describeStep(step: number, steps: number): StepEvent {
  return {
    ...{ event: "step" as const, epoch: 1, step, steps },
    ...{ loss: 0.5, characterAccuracy: 0.25, learningRate: 0.125 },
  };
}

function describeEpoch(epoch: number, step: number): EpochEvent {
  return {
    ...{ event: "epoch" as const, epoch, step, loss: 1, validationLoss: 2, exactMatch: 0.25 },
    ...{ characterAccuracy: 0.5, elapsedMs: 1, best: true },
  };
}

function describeSamples(epoch: number, ...samples: readonly Partial<Sample>[]): TrainingEvent {
  const whole = samples.map((sample) => ({
    ...{ question: "1+2", target: "3", guess: "3", probability: 0.5, characterProbabilities: [] },
    ...sample,
  }));
  return { event: "samples", epoch, samples: whole };
}

Deno.test("createTrainingLog() places steps, epochs, samples and the end by the steps taken", () =>
  useTraining(async (training) => {
    const log = createTrainingLog(training, { now, problem: TINY_PROBLEM });
    const parts = [log.begin()];
    for await (const event of train(training, makeTinySplit())) parts.push(log.encode(event));
    const events = readEvents(await new Blob(parts).bytes());
    assertEquals([events[0]!.version, events[1]!.isStart], ["brain.Event:2", true]);
    const steps = Array.from({ length: 28 }, (_, i) => i + 1);
    const epochs = [7, 14, 21, 28];
    for (const name of ["loss", "character_accuracy", "learning_rate"]) {
      assertEquals(stepsOf(events, `step/${name}`), steps);
      assertEquals(stepsOf(events, `epoch/${name}`), epochs);
    }
    for (const tag of ["epoch/validation_loss", "epoch/exact_match", "samples"]) {
      assertEquals(stepsOf(events, tag), epochs);
    }
    assertEquals(stepsOf(events, "_hparams_/session_start_info"), [0]);
    assertEquals(stepsOf(events, "_hparams_/session_end_info"), [0]);
    assertEquals(events.filter(({ graph }) => graph).length, 1);
    const configuration = textOf(events, "configuration");
    assertStringIncludes(configuration, "| hiddenSize | 8 |");
    assertStringIncludes(configuration, "\n    lstm (LSTM)");
  }));

Deno.test("createTrainingLog() has the figures of the events, in float32", () =>
  useTraining((training) => {
    const log = createTrainingLog(training, { now });
    const values = encodeAll(log, [describeStep(7, 28), describeEpoch(1, 7)]).flatMap((event) =>
      event.values.map(({ tag, number }) => [tag, number])
    );
    assertEquals(Object.fromEntries(values), {
      ...{ "step/loss": 0.5, "step/character_accuracy": 0.25, "step/learning_rate": 0.125 },
      ...{ "epoch/loss": 1, "epoch/validation_loss": 2, "epoch/exact_match": 0.25 },
      ...{ "epoch/character_accuracy": 0.5, "epoch/learning_rate": 0.125 },
    });
  }));

Deno.test("a longer training has at most 10,000 steps and 100 tables of samples, the last among them", () =>
  useTraining((training) => {
    const log = createTrainingLog(training, { now });
    const steps = 25_000;
    const events: TrainingEvent[] = [];
    for (let step = 1; step <= steps; step++) events.push(describeStep(step, steps));
    for (let epoch = 1; epoch <= 250; epoch++) {
      events.push(describeEpoch(epoch, 100 * epoch), describeSamples(epoch, {}));
    }
    const read = encodeAll(log, events);
    const kept = stepsOf(read, "step/loss");
    assertEquals([kept.length, kept[0], kept.at(-1)], [8334, 3, steps]);
    assertEquals(stepsOf(read, "epoch/loss").length, 250);
    const samples = stepsOf(read, "samples");
    assertEquals([samples.length, samples[0], samples.at(-1)], [84, 300, steps]);
    const bytes = events.reduce((sum, event) => sum + log.encode(event).length, 0);
    assert(bytes < 3_000_000, `${bytes} bytes`);
  }, { epochs: 250, batchSize: 8 }));

Deno.test("samples are a table whose cells show every character as it is", () =>
  useTraining((training) => {
    const log = createTrainingLog(training, { now });
    const event = describeSamples(
      1,
      { question: "a|b", target: "<b>", guess: "*\n", probability: 0.125 },
      { question: "1+2", target: "ű☑", guess: "ű☑", probability: 1 },
    );
    assertEquals(textOf(encodeAll(log, [event]), "samples").split("\n"), [
      "|  | question | right answer | answer | probability |",
      "| --- | --- | --- | --- | --- |",
      "| ☒ | a&#124;b | &#60;b&#62; | &#42;&#92;n | 12&#46;5 &#37; |",
      "| ☑ | 1&#43;2 | ű☑ | ű☑ | 100&#46;0 &#37; |",
    ]);
  }, { ...TINY_OPTIONS, epochs: 1 }));

Deno.test("a training that continues discards later steps, and has no second graph", () =>
  useTraining(async (training) => {
    for await (const event of train(training, makeTinySplit(), { settleEvery: 1 })) {
      if (event.event === "step" && event.step === 3) break;
    }
    const events = readEvents(createTrainingLog(training, { now }).begin());
    assertEquals(events[1], { seconds: 0, step: 4, isStart: true, values: [] });
    assertEquals(events.flatMap(({ values }) => values.map(({ tag }) => tag)), ["configuration"]);
    assert(!events.some(({ graph }) => graph));
    const alone = readEvents(createTrainingLog(training, { now, continues: false }).begin());
    assertEquals(alone[1]!.step, 0);
    assertEquals(alone.filter(({ graph }) => graph).length, 1);
    assertEquals(stepsOf(alone, "configuration"), [3]);
  }));

Deno.test("only an end after which nothing follows is one for TensorBoard", () =>
  useTraining((training) => {
    const log = createTrainingLog(training, { now });
    const tagsOf = (reason: "epochs" | "stopAt" | "patience" | "interrupted"): string[] =>
      encodeAll(log, [{ event: "end", reason, epochs: 1, exactMatch: null }])
        .flatMap(({ values }) => values.map(({ tag }) => tag));
    for (const reason of ["epochs", "stopAt", "patience"] as const) {
      assertEquals(tagsOf(reason), ["_hparams_/session_end_info"]);
    }
    assertEquals(tagsOf("interrupted"), []);
    assertEquals(readEvents(log.fail()).length, 1);
  }));

Deno.test("createTrainingLog() refuses options that it does not know", () =>
  useTraining((training) => {
    // @ts-expect-error there is no such option
    assertThrows(() => createTrainingLog(training, { now, every: 2 }), TypeError, '"every"');
    assertThrows(
      // @ts-expect-error the clock is missing
      () => createTrainingLog(training, {}),
      TypeError,
      "Cannot make the log of a training: now must",
    );
  }));
