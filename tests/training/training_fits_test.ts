import { assert, assertThrows } from "@std/assert";
import { createTextCodec } from "../../src/codec/text_codec.ts";
import type { Dataset } from "../../src/dataset/dataset.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import type { Device } from "../../src/device/executor.ts";
import { createModel } from "../../src/model/create_model.ts";
import { checkModelConfig, type ModelConfig } from "../../src/network/config.ts";
import { countStepCost } from "../../src/network/cost.ts";
import { describeNetwork } from "../../src/network/describe_network.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { train } from "../../src/training/train.ts";
import { checkTrainingFits } from "../../src/training/training_fits.ts";
import { layOutTexts, TINY_MODEL } from "../tiny_training.ts";

const device = await chooseDevice("cpu");

/** The notebook's model. */
const NOTEBOOK: ModelConfig = {
  ...TINY_MODEL,
  ...{ hiddenSize: 128, ...layOutTexts(7, 4) },
};

/** A device that has room for so many operations a step. */
function withRoom(operations: number): Pick<Device, "findMisfit"> {
  return {
    findMisfit: (network, batchSize) =>
      countStepCost(network, batchSize).operations > operations ? "a step is too large" : undefined,
  };
}

Deno.test("checkTrainingFits() names the largest hidden size and batch that fit", () => {
  const room = withRoom(1e9);
  const fits = (hiddenSize: number, batchSize: number): boolean =>
    room.findMisfit(describeNetwork({ ...NOTEBOOK, hiddenSize }), batchSize) === undefined;
  const config = { ...NOTEBOOK, hiddenSize: 512 };
  const check = (): void => checkTrainingFits(room, { config, batchSize: 4096 });
  const { message } = assertThrows(
    check,
    RangeError,
    "with hiddenSize 512 and batchSize 4096 a step is",
  );
  const [hiddenSize, batchSize] = [/hiddenSize of at most (\d+)/, /batchSize of at most (\d+)/]
    .map((pattern) => Number(pattern.exec(message)?.[1]));
  assert(fits(hiddenSize!, 4096) && !fits(hiddenSize! + 1, 4096), message);
  assert(fits(512, batchSize!) && !fits(512, batchSize! + 1), message);
  checkTrainingFits(room, { config: { ...config, hiddenSize: hiddenSize! }, batchSize: 4096 });
});

Deno.test("checkTrainingFits() names an even hidden size for a model of two directions", () => {
  const config = checkModelConfig({
    ...{ cell: "lstm", hiddenSize: 512, layers: 1, decoder: "attention", embeddingSize: 8 },
    ...layOutTexts(7, 4),
  });
  const room = withRoom(1e9);
  const { message } = assertThrows(
    () => checkTrainingFits(room, { config, batchSize: 512 }),
    RangeError,
    "with hiddenSize 512 and batchSize 512 a step is",
  );
  const hiddenSize = Number(/hiddenSize of at most (\d+)/.exec(message)![1]);
  const fits = (size: number): boolean =>
    room.findMisfit(describeNetwork({ ...config, hiddenSize: size }), 512) === undefined;
  assert(hiddenSize % 2 === 0 && fits(hiddenSize) && !fits(hiddenSize + 2), message);
});

Deno.test("checkTrainingFits() says what to do if no hidden size and no batch fits", () => {
  const config = { ...NOTEBOOK, ...layOutTexts(7, 4096), layers: 64 };
  assertThrows(
    () => checkTrainingFits(withRoom(1), { config, batchSize: 64 }),
    RangeError,
    "fewer layers or shorter texts fit",
  );
});

Deno.test("checkTrainingFits() refuses an LSTM of 4,096 units for the CPU's kernels, and accepts one of 3,072", () => {
  checkTrainingFits(device, { config: { ...NOTEBOOK, hiddenSize: 3072 }, batchSize: 128 });
  assertThrows(
    () => checkTrainingFits(device, { config: { ...NOTEBOOK, hiddenSize: 4096 }, batchSize: 128 }),
    RangeError,
    "of the compute kernels' memory, which has room for 3.",
  );
});

Deno.test("train() refuses at the call a batch that does not fit, and accepts a larger batch size than there are examples", async () => {
  const layout = layOutTexts(600, 2);
  const [source, target] = [createTextCodec(layout.source), createTextCodec(layout.target)];
  const makeDataset = (count: number): Dataset => ({
    ...{ source, target, count },
    sources: new Uint8Array(600 * count),
    targets: new Uint8Array(2 * count),
  });
  using model = await createModel({ ...TINY_MODEL, ...layout }, { device });
  using training = createTraining(model, { batchSize: 65_536 });
  const validation = makeDataset(5);
  assertThrows(
    () => train(training, { training: makeDataset(65_536), validation }),
    RangeError,
    "a batchSize of at most",
  );
  train(training, { training: makeDataset(50), validation });
});
