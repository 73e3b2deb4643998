import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { runAtOnce } from "../../src/time/slices.ts";
import { drawEpoch } from "../../src/dataset/order.ts";
import { measureRows, sortBatches } from "../../src/dataset/sort_batches.ts";
import type { StepsPlan } from "../../src/device/executor.ts";
import { createModel } from "../../src/model/create_model.ts";
import { checkModelConfig } from "../../src/network/config.ts";
import { createProblem } from "../../src/problem/registry.ts";
import { chooseTraining } from "../../src/training/choose_training.ts";
import { createTraining } from "../../src/training/create_training.ts";
import type { TrainingOptions } from "../../src/training/options.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";
import { train } from "../../src/training/train.ts";
import {
  layOutTexts,
  makeTinySplit,
  TINY_MODEL,
  TINY_OPTIONS,
  TINY_PROBLEM,
} from "../tiny_training.ts";
import { createFakeDevice } from "./fake_device.ts";

const ATTENTION = checkModelConfig({
  ...{ cell: "lstm", hiddenSize: 8, layers: 1, decoder: "attention" },
  ...layOutTexts(3, 2),
});
const split = makeTinySplit();

async function planSteps(
  config: typeof ATTENTION,
  options: Partial<TrainingOptions>,
  stopAfter = Infinity,
): Promise<readonly StepsPlan[]> {
  const device = createFakeDevice();
  using model = await createModel(config, { device });
  using training = createTraining(model, { ...TINY_OPTIONS, epochs: 2, ...options });
  const stop = new AbortController();
  for await (const event of train(training, split, { signal: stop.signal })) {
    if (event.event === "step" && event.step === stopAfter) stop.abort();
  }
  if (stopAfter < Infinity) {
    for await (const _ of train(training, split));
  }
  return device.calls.plans;
}

Deno.test("the device is asked for dropout and label smoothing, with a seed of its own", async () => {
  const [first] = await planSteps(ATTENTION, { dropout: 0.25, labelSmoothing: 0.1 });
  const { dropout, labelSmoothing, seed } = first!.regularization!;
  assertEquals([dropout, labelSmoothing], [0.25, 0.1]);
  assertEquals(seed, seed >>> 0);
  const [other] = await planSteps(ATTENTION, { dropout: 0.25, seed: 6 });
  assertNotEquals(other!.regularization!.seed, seed);
  const [repeat] = await planSteps(TINY_MODEL, { labelSmoothing: 0.1 });
  assertEquals(repeat!.regularization, { dropout: 0, labelSmoothing: 0.1, seed });
  const [none] = await planSteps(ATTENTION, {});
  assertEquals(none!.regularization, undefined);
});

Deno.test("dropout is refused with the decoder repeat", async () => {
  const must = "dropout must be 0 with the decoder repeat, but is 0.1";
  using model = await createModel(TINY_MODEL, { device: createFakeDevice() });
  assertThrows(() => createTraining(model, { dropout: 0.1 }), RangeError, must);
  const problem = createProblem(TINY_PROBLEM, TINY_MODEL);
  const task = { problem, model: TINY_MODEL, examples: 50 };
  assertThrows(() => chooseTraining({ dropout: 0.1 }, task), RangeError, must);
  assertEquals(chooseTraining({ dropout: 0.1 }, { ...task, model: ATTENTION }).dropout, 0.1);
});

Deno.test("dropout and label smoothing are shares below 1", () => {
  for (const name of ["dropout", "labelSmoothing"]) {
    for (const share of [-0.1, 1, NaN]) {
      assertThrows(() => resolveTraining({ [name]: share }), RangeError, `${name} must be from 0`);
    }
  }
});

/** The rows of the epochs, as a training with attention takes them. */
function expectOrder(epoch: number): number[] {
  const order = runAtOnce(drawEpoch(split.training.count, { seed: 5, epoch }));
  const measures = runAtOnce(measureRows(split.training));
  runAtOnce(sortBatches(order, { batchSize: 8, measures }));
  return [...order];
}

Deno.test("the rows of a batch are sorted with the decoder attention, also after an interruption", async () => {
  const orders = (plans: readonly StepsPlan[]): number[][] => plans.map(({ order }) => [...order]);
  const whole = await planSteps(ATTENTION, {});
  assertEquals(orders(whole), [expectOrder(1), expectOrder(2)]);
  const resumed = await planSteps(ATTENTION, {}, 3);
  assertEquals(orders(resumed), [expectOrder(1), expectOrder(1), expectOrder(2)]);
  assertEquals(resumed.map(({ from }) => from), [0, 3, 0]);
});

Deno.test("the rows of a batch stay in the drawn order with the decoder repeat", async () => {
  const [first] = await planSteps(TINY_MODEL, {});
  const drawn = runAtOnce(drawEpoch(split.training.count, { seed: 5, epoch: 1 }));
  assertEquals([...first!.order], [...drawn]);
});
