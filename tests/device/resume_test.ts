import { assertEquals } from "@std/assert";
import type { BatchFigures, Device, Executor } from "../../src/device/executor.ts";
import { CELLS } from "../../src/network/config.ts";
import type { NamedTensor } from "../../src/network/parameters.ts";
import { testOnEveryDevice } from "../devices.ts";
import type { NetworkSize } from "../describe_two_tables.ts";
import { ADAM, drawRows, makeExamples, makeTrial, SMALL, takeSteps, type Trial } from "./trial.ts";

const COUNT = 50;
const BATCH_SIZE = 9;
/** Five batches of nine rows, and one of four. */
const ORDER = drawRows(COUNT, 49);

/** What is left of a training: its figures, the parameters, and the optimiser's state. */
interface Trained {
  readonly figures: readonly BatchFigures[];
  readonly state: readonly NamedTensor[];
}

/** Takes the steps of the order from one batch to the one before another, and reads the state. */
async function train(
  executor: Executor,
  [from, to]: readonly [number, number],
  saved?: readonly NamedTensor[],
): Promise<Trained> {
  using held = executor.hold(makeExamples(executor.network, COUNT));
  const moments = saved?.slice(saved.length / 3).map(({ values }) => values);
  using optimizer = executor.createOptimizer(ADAM, moments);
  const figures = await takeSteps(executor, {
    ...{ examples: held, optimizer, batchSize: BATCH_SIZE, from, step: from },
    order: ORDER.subarray(0, to * BATCH_SIZE),
  });
  return { figures, state: await executor.readState(optimizer) };
}

/** Loads a network and trains it without an interruption. */
async function trainWhole(device: Device, { network, values }: Trial): Promise<Trained> {
  using executor = await device.load(network, values);
  return await train(executor, [0, 6]);
}

/** Sizes whose parts are handled differently: within one tile and workgroup, and in several. */
const SIZES: readonly NetworkSize[] = [
  ...CELLS.map((cell) => ({ ...SMALL, cell })),
  { ...SMALL, hiddenSize: 40, inputLength: 4, sourceVocabularySize: 12, targetVocabularySize: 20 },
];

for (const size of SIZES) {
  const what = `${size.cell} with hidden size ${size.hiddenSize}`;

  testOnEveryDevice(`the same training gives the same bytes: ${what}`, async (device) => {
    const trial = makeTrial(size);
    assertEquals(await trainWhole(device, trial), await trainWhole(device, trial));
  });

  testOnEveryDevice(
    `steps after loading a saved state equal steps without an interruption, bit for bit: ${what}`,
    async (device) => {
      const trial = makeTrial(size);
      const whole = await trainWhole(device, trial);
      for (const cut of [1, 3, 5]) {
        using first = await device.load(trial.network, trial.values);
        const before = await train(first, [0, cut]);
        const values = before.state.slice(0, trial.values.length).map(({ values }) => values);
        using second = await device.load(trial.network, values);
        const after = await train(second, [cut, 6], before.state);
        assertEquals([...before.figures, ...after.figures], whole.figures);
        assertEquals(after.state, whole.state);
      }
    },
  );
}
