import { assert } from "@std/assert";
import { CELLS } from "../../src/network/config.ts";
import type { Network } from "../../src/network/network.ts";
import type { Device, Examples } from "../../src/device/executor.ts";
import { testOn, testOnEveryDevice } from "../devices.ts";
import { lossOf } from "./float64_network.ts";
import type { NetworkSize } from "../describe_two_tables.ts";
import { drawRows, makeExamples, makeTrial, SMALL, type Trial } from "./trial.ts";

/** Half the distance of the two points of a central difference, whose own error is about 1e-9. */
const EPSILON = 1e-5;

const known = new Map<string, number[][]>();

/** Computes the gradient of every parameter from differences of the loss in float64, once for all devices. */
function gradientsOf(
  { network, values }: Trial,
  examples: Examples,
  rows: Uint32Array,
): number[][] {
  const key = JSON.stringify(network);
  const found = known.get(key);
  if (found !== undefined) return found;
  const parameters = values.map((each) => Array.from(each));
  const gradients = parameters.map((parameter) =>
    parameter.map((value, n) => {
      parameter[n] = value + EPSILON;
      const above = lossOf(network, parameters, examples, rows);
      parameter[n] = value - EPSILON;
      const below = lossOf(network, parameters, examples, rows);
      parameter[n] = value;
      return (above - below) / (2 * EPSILON);
    })
  );
  known.set(key, gradients);
  return gradients;
}

/** Fails unless a gradient is right to its fourth digit. */
function assertGradient(
  { parameters }: Network,
  found: readonly Float32Array[],
  expected: readonly number[][],
): void {
  expected.forEach((gradient, i) =>
    gradient.forEach((value, n) => {
      const off = Math.abs(found[i]![n]! - value);
      const where = `${parameters[i]!.name}[${n}]`;
      assert(off <= 1e-6 + 1e-4 * Math.abs(value), `${where}: ${value}, found ${found[i]![n]}`);
    })
  );
}

async function testGradient(device: Device, size: NetworkSize): Promise<void> {
  const trial = makeTrial(size);
  const examples = makeExamples(trial.network, 4);
  const rows = drawRows(examples.count, 3);
  using executor = await device.load(trial.network, trial.values);
  using held = executor.hold(examples);
  const { figures, gradients } = await executor.differentiate(held, rows);
  const values = trial.values.map((each) => Array.from(each));
  const loss = lossOf(trial.network, values, examples, rows);
  assert(Math.abs(figures.loss - loss) < 1e-5, `the loss is ${loss}, found ${figures.loss}`);
  assertGradient(trial.network, gradients, gradientsOf(trial, examples, rows));
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
