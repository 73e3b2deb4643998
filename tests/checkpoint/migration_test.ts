import { assert, assertEquals, assertRejects } from "@std/assert";
import { chooseDevice } from "../../src/device/choose.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { FORMAT, migrateEvent, migrateState } from "../../src/checkpoint/migrations.ts";
import { createModel } from "../../src/model/create_model.ts";
import { readParameters } from "../../src/model/model_parameters.ts";
import { predict } from "../../src/model/predict.ts";
import { train } from "../../src/training/train.ts";
import { resolvePairs } from "../../src/problem/pairs/resolve_pairs.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { assertClose } from "../assert_close.ts";
import { canUseFiles } from "../permissions.ts";
import { rehash } from "../reliability/mutation.ts";
import { makeTinySplit, TINY_PROBLEM } from "../tiny_training.ts";

/**
 * A checkpoint as Carry 0.1.0 wrote it in the format `carry-1`: `TINY_MODEL` with a hidden size of 2, trained with
 * `TINY_OPTIONS` for 10 of 28 steps, the third step of the second epoch.
 */
const CARRY_1 = new URL("../vectors/carry_1.safetensors", import.meta.url);

/**
 * A checkpoint as Carry wrote it in the format `carry-2` before examples could be swapped and weighted: the same training at
 * the same step.
 */
const CARRY_2 = new URL("../vectors/carry_2.safetensors", import.meta.url);

/** The last checkpoint of a run in the format `carry-3`: see old_run_test.ts. */
const CARRY_3 = new URL("../vectors/carry_3_run/latest.safetensors", import.meta.url);

/** The losses of the next three and the last three of 18 steps, as that version of Carry went on from each of both. */
const LOSSES = {
  "carry-1": [2.4092772007, 2.4094717503, 2.4152696133, 2.3263752460, 2.3241755962, 2.2324721813],
  "carry-2": [2.3679215908, 2.3865723610, 2.3907670975, 2.2486665249, 2.2444612980, 2.1380617619],
};

function testCarry1(name: string, body: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canUseFiles,
    fn: async () => await body(await Deno.readFile(CARRY_1)),
  });
}

testCarry1("a checkpoint in the format carry-1 is read", async (bytes) => {
  const { runId, problem, progress, parameters, moments } = await decodeCheckpoint(bytes);
  assertEquals(runId, null);
  assertEquals(problem, TINY_PROBLEM);
  assertEquals([progress.step, progress.batch, progress.history.length], [10, 3, 1]);
  assertEquals(progress.history[0]!.exactMatch, 0);
  assertEquals([...parameters, ...moments], decodeSafetensors(bytes).tensors);
});

testCarry1("a checkpoint in the format carry-1 answers and is trained further", async (bytes) => {
  const device = await chooseDevice("cpu");
  const saved = await decodeCheckpoint(bytes);
  using model = await createModel(saved.model, { device, parameters: saved.parameters });
  const [prediction] = await predict(model, ["3+4"], { probabilities: true });
  assertEquals(prediction!.question, "3+4");
  using training = createTraining(model, saved.training, saved);
  const reasons = [];
  for await (const event of train(training, makeTinySplit(), { samples: 0 })) {
    if (event.event === "end") reasons.push(event.reason);
  }
  assertEquals(reasons, ["epochs"]);
  const { step, history } = training.progress;
  assertEquals([step, history.length], [28, 4]);
  assertEquals(history[0], saved.progress.history[0]);
  assertEquals((await readParameters(model)).length, saved.parameters.length);
});

testCarry1(
  "stopAt with an accuracy above 1, which carry-1 allowed, is read as null",
  async (bytes) => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const carry = metadata.carry!.replace(
      '"stopAt":null',
      '"stopAt":{"metric":"exactMatch","value":90}',
    );
    const old = rehash(encodeSafetensors({ tensors, metadata: { ...metadata, carry } }));
    assertEquals((await decodeCheckpoint(old)).training.stopAt, null);
  },
);

testCarry1(
  "a checkpoint in the format carry-1 with a history of 100,000 epochs is read",
  async (bytes) => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const state = JSON.parse(metadata.carry!);
    const [first] = state.progress.history;
    state.training.epochs = 100_000;
    state.progress.history = Array.from({ length: 100_000 }, (_, i) => ({
      ...first,
      ...{ epoch: i + 1, step: 7 * (i + 1), loss: Math.sin(i) ** 2 },
    }));
    state.progress.step = 700_003;
    const carry = JSON.stringify(state);
    const old = rehash(encodeSafetensors({ tensors, metadata: { ...metadata, carry } }));
    const { progress } = await decodeCheckpoint(old);
    assertEquals([progress.history.length, progress.history.at(-1)!.step], [100_000, 700_000]);
  },
);

Deno.test({
  name: "a checkpoint of the first carry-2, with its history in the state, is read",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    const bytes = await Deno.readFile(CARRY_2);
    const expected = await decodeCheckpoint(bytes);
    const { tensors, metadata } = decodeSafetensors(bytes);
    const { trainedOn: _, ...state } = JSON.parse(metadata.carry!);
    state.progress.history = expected.progress.history;
    const first = rehash(encodeSafetensors({
      tensors: tensors.filter(({ name }) => name !== "progress/history"),
      metadata: { ...metadata, carry: JSON.stringify(state) },
    }));
    assertEquals(await decodeCheckpoint(first), { ...expected, trainedOn: null });
  },
});

/** What no version of Carry wrote, and how it is refused. */
const FORGERIES: readonly (readonly [change: string, to: string, message: string])[] = [
  [
    '"reverse":true,"sampler"',
    '"reverse":false,"sampler"',
    "reverse must be the same in the problem",
  ],
  ['" +0123456789"', '" +0123456798"', "characters must be sorted"],
  ['" +0123456789"', '" +01234567899"', '"9" is at index'],
  ['" +0123456789"', "5", "the characters must be a string, but are 5"],
  ['"inputLength":3', '"inputLength":5', "whose source.length is 3, but it has 5"],
  ['"digits":1', '"digits":1,"name":"addition"', 'there is no option "reverse"'],
  ['"hiddenSize":2', '"hiddenSize":2,"width":2', '"width"'],
];

for (const [change, to, message] of FORGERIES) {
  testCarry1(`an old checkpoint with ${to} instead of ${change} is refused`, async (bytes) => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    assert(metadata.carry!.includes(change), metadata.carry!);
    const carry = metadata.carry!.replace(change, to);
    const forged = rehash(encodeSafetensors({ tensors, metadata: { ...metadata, carry } }));
    await assertRejects(() => decodeCheckpoint(forged), SyntaxError, message);
  });
}

testCarry1("a checkpoint in the format carry-1 is saved in the new format", async (bytes) => {
  const saved = await decodeCheckpoint(bytes);
  const written = await encodeCheckpoint(saved);
  assertEquals(decodeSafetensors(written).metadata.format, "carry-4");
  assertEquals(await decodeCheckpoint(written), saved);
});

for (const [format, file] of [["carry-1", CARRY_1], ["carry-2", CARRY_2]] as const) {
  Deno.test({
    name:
      `a training in the format ${format}, saved before examples could be swapped and weighted, continues without both`,
    ignore: !canUseFiles,
    async fn(): Promise<void> {
      const device = await chooseDevice("cpu");
      const saved = await decodeCheckpoint(await Deno.readFile(file));
      const { swap, weighted, schedule } = saved.training;
      assertEquals([swap, weighted, schedule], [false, false, "triangular"]);
      using model = await createModel(saved.model, { device, parameters: saved.parameters });
      using training = createTraining(model, saved.training, saved);
      const losses: number[] = [];
      for await (const event of train(training, makeTinySplit(), { samples: 0 })) {
        if (event.event === "step") losses.push(event.loss);
      }
      assertEquals(losses.length, 18);
      assertClose([...losses.slice(0, 3), ...losses.slice(-3)], LOSSES[format], "losses");
    },
  });
}

Deno.test({
  name: "every older checkpoint is read as one of a model with the decoder repeat, without dropout",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    for (const file of [CARRY_1, CARRY_2, CARRY_3]) {
      const { model, training } = await decodeCheckpoint(await Deno.readFile(file));
      const { decoder, encoderLayers, bidirectional, embeddingSize } = model;
      assertEquals([decoder, encoderLayers, bidirectional, embeddingSize], ["repeat", 1, false, 0]);
      assertEquals([training.dropout, training.labelSmoothing], [0, 0]);
    }
  },
});

Deno.test({
  name: "a checkpoint in the newest format must say what its decoder is",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    const bytes = await encodeCheckpoint(await decodeCheckpoint(await Deno.readFile(CARRY_3)));
    const { tensors, metadata } = decodeSafetensors(bytes);
    for (const [field, part] of [['"decoder":"repeat",', "model"], ['"dropout":0,', "training"]]) {
      const carry = metadata.carry!.replace(field!, "");
      assert(carry !== metadata.carry);
      const changed = rehash(encodeSafetensors({ tensors, metadata: { ...metadata, carry } }));
      await assertRejects(
        () => decodeCheckpoint(changed),
        SyntaxError,
        `the ${part} must have the key`,
      );
    }
  },
});

Deno.test("pairs that were learned before answers could be edits are learned as texts, in the order of the file", () => {
  const { answers: _, featureOrder: __, ...before } = resolvePairs({ data: "a.tsv" });
  const [state, event] = [
    migrateState({ problem: before }, FORMAT),
    migrateEvent({ event: "start", runId: null, problem: before, model: {}, training: {} }),
  ];
  for (const { problem } of [state, event]) {
    assertEquals(problem, { ...before, answers: "text", featureOrder: "file" });
  }
  const chosen = { ...before, answers: "edits", featureOrder: "random" };
  assertEquals(migrateState({ problem: chosen }, FORMAT).problem, chosen);
});
