import { assert } from "@std/assert";
import { CELLS } from "../../src/network/config.ts";
import type { Device } from "../../src/device/executor.ts";
import { testOn, testOnEveryDevice } from "../devices.ts";
import { assertGradient, differentiateCentrally } from "./central_differences.ts";
import { lossOf } from "./float64_network.ts";
import type { NetworkSize } from "../describe_two_tables.ts";
import { drawRows, makeExamples, makeTrial, SMALL } from "./trial.ts";

async function testGradient(device: Device, size: NetworkSize): Promise<void> {
  const { network, values } = makeTrial(size);
  const examples = makeExamples(network, 4);
  const rows = drawRows(examples.count, 3);
  using executor = await device.load(network, values);
  using held = executor.hold(examples);
  const { figures, gradients } = await executor.differentiate(held, rows);
  const lossAt = (parameters: readonly number[][]): number =>
    lossOf(network, parameters, examples, rows);
  const loss = lossAt(values.map((each) => Array.from(each)));
  assert(Math.abs(figures.loss - loss) < 1e-5, `the loss is ${loss}, found ${figures.loss}`);
  const expected = differentiateCentrally(JSON.stringify(network), values, lossAt);
  assertGradient(network, gradients, expected);
}

for (const cell of CELLS) {
  testOnEveryDevice(
    `differentiate() of ${cell} with few source symbols and more target symbols equals central differences in float64`,
    (device) =>
      testGradient(device, { ...SMALL, cell, sourceVocabularySize: 2, targetVocabularySize: 9 }),
  );
  testOnEveryDevice(
    `differentiate() of ${cell} equals central differences in float64`,
    (device) => testGradient(device, { ...SMALL, cell }),
  );
  // tfjs has no gradient of some operations then
  testOn(
    "reference",
    `differentiate() of ${cell} over one time step equals central differences in float64`,
    (device) => testGradient(device, { ...SMALL, cell, inputLength: 1, outputLength: 1 }),
  );
}
