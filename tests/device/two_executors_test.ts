import { assertEquals } from "@std/assert";
import type { BatchFigures, Device, Executor, Steps } from "../../src/device/executor.ts";
import type { NamedTensor } from "../../src/network/parameters.ts";
import { type DeviceName, hasDevice, openDevice } from "../devices.ts";
import type { NetworkSize } from "../describe_two_tables.ts";
import { ADAM, drawRows, makeExamples, makeTrial, SMALL } from "./trial.ts";

const [FIRST, SECOND]: readonly NetworkSize[] = [SMALL, { ...SMALL, cell: "gru", hiddenSize: 11 }];
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

  static async start(device: Device, size: NetworkSize): Promise<Training> {
    const { network, values } = makeTrial(size);
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

for (const [one, other] of PAIRS) {
  Deno.test({
    name: `two models that are trained in turns do not disturb each other: ${one} and ${other}`,
    ignore: !hasDevice(one) || !hasDevice(other),
    sanitizeOps: one === "cpu" && other === "cpu", // as in testOn
    sanitizeResources: one === "cpu" && other === "cpu",
    async fn(): Promise<void> {
      const devices = [await openDevice(one), await openDevice(other)] as const;
      using firstAlone = await Training.start(devices[0], FIRST!);
      using secondAlone = await Training.start(devices[1], SECOND!);
      const alone = [await firstAlone.finish(), await secondAlone.finish()];
      using first = await Training.start(devices[0], FIRST!);
      using second = await Training.start(devices[1], SECOND!);
      while ((await Promise.all([first.advance(), second.advance()])).includes(true));
      assertEquals(await Promise.all([first.finish(), second.finish()]), alone);
    },
  });

  Deno.test({
    name: `an executor computes on after another was disposed of: ${one} and ${other}`,
    ignore: !hasDevice(one) || !hasDevice(other),
    sanitizeOps: one === "cpu" && other === "cpu",
    sanitizeResources: one === "cpu" && other === "cpu",
    async fn(): Promise<void> {
      const { network, values } = makeTrial(FIRST!);
      const { sources } = makeExamples(network, 5);
      using executor = await (await openDevice(one)).load(network, values);
      const before = await executor.answer(sources, { probabilities: true });
      {
        using training = await Training.start(await openDevice(other), SECOND!);
        await training.advance();
      }
      assertEquals(await executor.answer(sources, { probabilities: true }), before);
    },
  });
}
