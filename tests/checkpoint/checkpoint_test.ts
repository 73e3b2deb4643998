import { assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../src/backend/backend.ts";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { decodeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { createModel } from "../../src/model/model.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/training.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";

await selectBackend("cpu");

async function makeCheckpoint(hiddenSize: number): Promise<Checkpoint> {
  using model = await createModel({ ...TINY_MODEL, hiddenSize }, { seed: 1 });
  using training = createTraining(model, { ...TINY_OPTIONS, epochs: 1 });
  for await (const _ of train(training, makeTinySplit(), { samples: 0 }));
  return await takeCheckpoint(training, TINY_PROBLEM);
}

const checkpoint = await makeCheckpoint(1);
const bytes = await encodeCheckpoint(checkpoint);

Deno.test("decodeCheckpoint() gives back what encodeCheckpoint() took", async () => {
  assertEquals(await decodeCheckpoint(bytes), checkpoint);
});

Deno.test("encodeCheckpoint() gives the same bytes for the same checkpoint", async () => {
  assertEquals(await encodeCheckpoint(await decodeCheckpoint(bytes)), bytes);
});

Deno.test("a checkpoint names its parameters and moments as Keras does", () => {
  const names = decodeSafetensors(bytes).tensors.map(({ name }) => name);
  assertEquals(names.slice(0, 3), ["lstm/kernel", "lstm/recurrent_kernel", "lstm/bias"]);
  assertEquals(names.length, 24);
  assertEquals(names[8], "adam/m/lstm/kernel");
  assertEquals(names[23], "adam/v/time_distributed/bias");
});

Deno.test("decodeCheckpoint() notices every flipped bit of the header and the first values", async () => {
  for (let at = 0; at < Math.min(bytes.length, 2048); at++) {
    const damaged = bytes.slice();
    damaged[at]! ^= 1 << (at % 8);
    await assertRejects(() => decodeCheckpoint(damaged), SyntaxError, "Cannot read");
  }
});

Deno.test("decodeCheckpoint() notices a flipped bit anywhere", async () => {
  for (let at = 2048; at < bytes.length; at += 7) {
    const damaged = bytes.slice();
    damaged[at]! ^= 1 << (at % 8);
    await assertRejects(() => decodeCheckpoint(damaged), SyntaxError, "Cannot read");
  }
});

Deno.test("decodeCheckpoint() notices a file that is cut off or goes on", async () => {
  for (let length = 0; length < bytes.length; length += 97) {
    await assertRejects(() => decodeCheckpoint(bytes.slice(0, length)), SyntaxError, "Cannot read");
  }
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  await assertRejects(() => decodeCheckpoint(longer), SyntaxError, "Cannot read");
});

Deno.test("decodeCheckpoint() refuses a state that makes no sense though its hash is right", async () => {
  const nonsense: Partial<Checkpoint>[] = [
    { model: { ...checkpoint.model, hiddenSize: -1 } },
    { problem: { ...checkpoint.problem, digits: 99 } },
    { training: { ...checkpoint.training, batchSize: 0 } },
    { progress: { ...checkpoint.progress, step: -1 } },
    { progress: { ...checkpoint.progress, step: 0.5 } },
    { progress: { ...checkpoint.progress, batch: 2 ** 60 } },
    { parameters: [{ name: "a", shape: [1], values: Float32Array.of(NaN) }] },
    { moments: [{ name: "adam/m/a", shape: [1], values: Float32Array.of(-Infinity) }] },
    {
      progress: {
        ...checkpoint.progress,
        history: [{ ...checkpoint.progress.history[0]!, epoch: 7 }],
      },
    },
  ];
  for (const part of nonsense) {
    const forged = await encodeCheckpoint({ ...checkpoint, ...part });
    await assertRejects(() => decodeCheckpoint(forged), SyntaxError, "Cannot read the checkpoint");
  }
});
