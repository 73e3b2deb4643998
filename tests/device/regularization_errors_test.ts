import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Regularization } from "../../src/device/executor.ts";
import type { Network } from "../../src/network/network.ts";
import { SMALL_ATTENTION } from "../describe_attention.ts";
import { testOnEveryDevice } from "../devices.ts";
import {
  ADAM,
  drawRows,
  makeAttentionTrial,
  makeExamples,
  makeTrial,
  SMALL,
  type Trial,
} from "./trial.ts";

const REPEAT = makeTrial(SMALL);
const ATTENTION = makeAttentionTrial(SMALL_ATTENTION);
const NOTHING: Regularization = { dropout: 0, seed: 0, labelSmoothing: 0 };

/** A regularisation that is refused. */
interface Refused {
  readonly trial: Trial<Network>;
  readonly wrong: Partial<Regularization>;
  readonly message: string;
}

const REFUSED: readonly Refused[] = [
  {
    ...{ trial: REPEAT, wrong: { dropout: 0.1 } },
    message: "dropout must be 0 with the decoder repeat, but is 0.1",
  },
  {
    ...{ trial: ATTENTION, wrong: { dropout: 1 } },
    message: "dropout must be from 0 to below 1, but is 1",
  },
  {
    ...{ trial: ATTENTION, wrong: { dropout: NaN } },
    message: "dropout must be from 0 to below 1, but is NaN",
  },
  {
    ...{ trial: REPEAT, wrong: { labelSmoothing: -0.1 } },
    message: "labelSmoothing must be from 0 to below 1, but is -0.1",
  },
  {
    ...{ trial: ATTENTION, wrong: { seed: 2 ** 32 } },
    message: "the seed of dropout must be an integer from 0 to 4294967295, but is 4294967296",
  },
];

for (const { trial: { network, values }, wrong, message } of REFUSED) {
  const what = Object.entries(wrong).map(([name, value]) => `${name} ${value}`).join();
  testOnEveryDevice(
    `an executor of ${network.decoder} refuses ${what}, and computes nothing`,
    async (device) => {
      using executor = await device.load(network, values);
      using examples = executor.hold(makeExamples(network, 9));
      using optimizer = executor.createOptimizer(ADAM);
      const before = await executor.readState(optimizer);
      const regularization = { ...NOTHING, ...wrong };
      const order = drawRows(9, 10);
      const plan = { examples, optimizer, order, batchSize: 4, from: 0, step: 0 };
      const learningRate = (): number => 0.1;
      assertThrows(
        () => executor.begin({ ...plan, learningRate, regularization }),
        RangeError,
        `Cannot take steps: ${message}`,
      );
      await assertRejects(
        () => executor.differentiate(examples, order, { ...regularization, step: 1 }),
        RangeError,
        `Cannot compute a gradient: ${message}`,
      );
      assertEquals(await executor.readState(optimizer), before);
      using steps = executor.begin({ ...plan, learningRate }); // it works on
      steps.take();
      await steps.settle();
    },
  );
}
