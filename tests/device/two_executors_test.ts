import { assertEquals } from "@std/assert";
import type { BatchFigures, Device, Executor, Steps } from "../../src/device/executor.ts";
import type { NamedTensor } from "../../src/network/parameters.ts";
import { type DeviceName, hasDevice, openDevice } from "../devices.ts";
import type { Network } from "../../src/network/network.ts";
import { SMALL_ATTENTION } from "../describe_attention.ts";
import {
  ADAM,
  drawRows,
  makeAttentionTrial,
  makeExamples,
  makeTrial,
  SMALL,
  type Trial,
} from "./trial.ts";

/** The first model of a pair, and the second one. */
const MODELS: Readonly<Record<string, readonly [Trial<Network>, Trial<Network>]>> = {
  "lstm and gru": [makeTrial(SMALL), makeTrial({ ...SMALL, cell: "gru", hiddenSize: 11 })],
  "repeat and attention": [makeTrial(SMALL), makeAttentionTrial(SMALL_ATTENTION)],
  "attention of lstm and of gru": [
    makeAttentionTrial(SMALL_ATTENTION),
    makeAttentionTrial({ ...SMALL_ATTENTION, cell: "gru", hiddenSize: 10 }),
  ],
};
const COUNT = 30;

/** A training of some steps, one at a time. */
class Training implements Disposable {
  readonly #executor: Executor;
  readonly #optimizer;
  readonly #held;
  readonly #steps: Steps;
  readonly #figures: BatchFigures[] = [];

  constructor(executor: Executor) {
    this.#executor = executor;
    this.#held = executor.hold(makeExamples(executor.network, COUNT));
    this.#optimizer = executor.createOptimizer(ADAM);
    this.#steps = executor.begin({
      ...{ examples: this.#held, optimizer: this.#optimizer, order: drawRows(COUNT, 33) },
      ...{ batchSize: 4, from: 0, step: 0, learningRate: (step) => 0.01 / step },
    });
  }

  static async start(device: Device, { network, values }: Trial<Network>): Promise<Training> {
    return new Training(await device.load(network, values));
  }

  /** Takes steps if there are any, and answers. @returns whether steps are left */
  async advance(): Promise<boolean> {
    if (this.#steps.left > 0) this.#steps.take();
    const { sources } = makeExamples(this.#executor.network, 3);
    const [figures] = await Promise.all([this.#steps.figures(), this.#executor.answer(sources)]);
    this.#figures.push(...figures);
    return this.#steps.left > 0;
  }

  async finish(): Promise<{ figures: readonly BatchFigures[]; state: readonly NamedTensor[] }> {
    while (await this.advance());
    this.#figures.push(...await this.#steps.settle());
    return { figures: this.#figures, state: await this.#executor.readState(this.#optimizer) };
  }

  [Symbol.dispose](): void {
    this.#executor[Symbol.dispose]();
  }
}

const PAIRS: readonly (readonly [DeviceName, DeviceName])[] = [
  ["cpu", "cpu"],
  ["webgpu", "webgpu"],
  ["reference", "reference"],
  ["cpu", "webgpu"],
  ["reference", "cpu"],
  ["reference", "webgpu"],
];

const CASES = PAIRS.flatMap(([one, other]) =>
  Object.keys(MODELS).map((models) => [one, other, models] as const)
);

for (const [one, other, models] of CASES) {
  const [firstTrial, secondTrial] = MODELS[models]!;
  Deno.test({
    name:
      `two models that are trained in turns do not disturb each other: ${models}, on ${one} and ${other}`,
    ignore: !hasDevice(one) || !hasDevice(other),
    sanitizeOps: one === "cpu" && other === "cpu", // as in testOn
    sanitizeResources: one === "cpu" && other === "cpu",
    async fn(): Promise<void> {
      const devices = [await openDevice(one), await openDevice(other)] as const;
      using firstAlone = await Training.start(devices[0], firstTrial);
      using secondAlone = await Training.start(devices[1], secondTrial);
      const alone = [await firstAlone.finish(), await secondAlone.finish()];
      using first = await Training.start(devices[0], firstTrial);
      using second = await Training.start(devices[1], secondTrial);
      while ((await Promise.all([first.advance(), second.advance()])).includes(true));
      assertEquals(await Promise.all([first.finish(), second.finish()]), alone);
    },
  });

  Deno.test({
    name:
      `an executor computes on after another was disposed of: ${models}, on ${one} and ${other}`,
    ignore: !hasDevice(one) || !hasDevice(other),
    sanitizeOps: one === "cpu" && other === "cpu",
    sanitizeResources: one === "cpu" && other === "cpu",
    async fn(): Promise<void> {
      const { network, values } = firstTrial;
      const { sources } = makeExamples(network, 5);
      using executor = await (await openDevice(one)).load(network, values);
      const before = await executor.answer(sources, { probabilities: true });
      {
        using training = await Training.start(await openDevice(other), secondTrial);
        await training.advance();
      }
      assertEquals(await executor.answer(sources, { probabilities: true }), before);
    },
  });
}
