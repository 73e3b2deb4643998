import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { createCharacterTable } from "../../src/codec/character_table.ts";
import { batches } from "../../src/dataset/batches.ts";
import type { Dataset } from "../../src/dataset/dataset.ts";
import { holdDataset, toTensors } from "../../src/ops/resident_dataset/resident_dataset.ts";
import { testOnBackends, testOnWebGpu } from "../backends.ts";
import { countDeviceCalls } from "../device_calls.ts";

/** 23 arbitrary examples of 5 + 2 characters, so that rows begin at every byte of a word. */
const DATASET: Dataset = {
  table: createCharacterTable("abcdefghijklm"),
  count: 23,
  inputLength: 5,
  outputLength: 2,
  sources: Uint8Array.from({ length: 23 * 5 }, (_, i) => (7 * i) % 13),
  targets: Uint8Array.from({ length: 23 * 2 }, (_, i) => (5 * i + 3) % 13),
};

const ORDER = Uint32Array.from({ length: 23 }, (_, i) => (i * 9 + 4) % 23);

/** Gives the sources and targets of all batches as one list. */
async function readBatches(pieceBytes?: number): Promise<number[]> {
  const found: number[] = [];
  using resident = holdDataset(DATASET, pieceBytes === undefined ? {} : { pieceBytes });
  for (const batch of resident.batches({ batchSize: 5, order: ORDER, from: 1 })) {
    const { sources, targets } = toTensors(batch, DATASET);
    assertEquals([sources.shape, targets.shape], [[batch.size, 5], [batch.size, 2]]);
    found.push(...await sources.data(), ...await targets.data());
    tf.dispose([sources, targets]);
  }
  return found;
}

for (const pieceBytes of [undefined, 8, 13, 30, 100]) {
  testOnBackends(
    `holdDataset() gives the batches of its dataset, in pieces of ${pieceBytes ?? "any"} bytes`,
    async () => {
      const expected = [...batches(DATASET, { batchSize: 5, order: ORDER, from: 1 })]
        .flatMap(({ sources, targets }) => [...sources, ...targets]);
      assertEquals(await readBatches(pieceBytes), expected);
    },
  );
}

testOnBackends("holdDataset() leaves no tensor when it is disposed of", async () => {
  const { numTensors } = tf.memory();
  await readBatches(30);
  assertEquals(tf.memory().numTensors, numTensors);
});

testOnWebGpu("holdDataset() frees its memory when it is disposed of", async () => {
  await readBatches(); // fills tfjs's pool of buffers
  using calls = countDeviceCalls();
  await readBatches();
  assert(calls.uploadedBytes >= 23 * 7, JSON.stringify(calls));
  assertEquals(calls.heldBytes, 0);
});

testOnWebGpu("holdDataset() refuses indices and pieces that the device cannot use", async () => {
  await tf.ready();
  const take = (dataset: Dataset, pieceBytes: number): void => {
    using resident = holdDataset(dataset, { pieceBytes });
    [...resident.batches({ batchSize: 5 })];
  };
  const high = { ...DATASET, targets: Uint8Array.from(DATASET.targets, () => 13) };
  assertThrows(() => take(high, 100), RangeError, "from 0 to 12, but one is 13");
  assertThrows(() => take(DATASET, 6), RangeError, "an example of 7 characters, but holds 6");
});
