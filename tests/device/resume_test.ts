import { assertEquals } from "@std/assert";
import type {
  BatchFigures,
  Device,
  Examples,
  Executor,
  Regularization,
} from "../../src/device/executor.ts";
import { CELLS } from "../../src/network/config.ts";
import type { Network } from "../../src/network/network.ts";
import type { NamedTensor } from "../../src/network/parameters.ts";
import { testOnEveryDevice } from "../devices.ts";
import { makePaddedExamples, SMALL_ATTENTION } from "../describe_attention.ts";
import {
  ADAM,
  drawRows,
  makeAttentionTrial,
  makeExamples,
  makeTrial,
  SMALL,
  takeSteps,
  type Trial,
} from "./trial.ts";

const COUNT = 50;
const BATCH_SIZE = 9;
/** Five batches of nine rows, and one of four. */
const ORDER = drawRows(COUNT, 49);

/** What is left of a training: its figures, the parameters, and the optimiser's state. */
interface Trained {
  readonly figures: readonly BatchFigures[];
  readonly state: readonly NamedTensor[];
}

/** What is trained. */
interface Training {
  readonly trial: Trial<Network>;
  readonly examples: Examples;
  readonly regularization: Regularization;
}

/** Takes the steps of the order from one batch to the one before another, and reads the state. */
async function train(
  executor: Executor,
  { examples, regularization }: Training,
  [from, to]: readonly [number, number],
  saved?: readonly NamedTensor[],
): Promise<Trained> {
  using held = executor.hold(examples);
  const moments = saved?.slice(saved.length / 3).map(({ values }) => values);
  using optimizer = executor.createOptimizer(ADAM, moments);
  const figures = await takeSteps(executor, {
    ...{ examples: held, optimizer, batchSize: BATCH_SIZE, from, step: from },
    ...{ order: ORDER.subarray(0, to * BATCH_SIZE), regularization },
  });
  return { figures, state: await executor.readState(optimizer) };
}

/** Loads a network and trains it without an interruption. */
async function trainWhole(device: Device, training: Training): Promise<Trained> {
  using executor = await device.load(training.trial.network, training.trial.values);
  return await train(executor, training, [0, 6]);
}

const LARGER = {
  hiddenSize: 40,
  inputLength: 4,
  sourceVocabularySize: 12,
  targetVocabularySize: 20,
};

/** Sizes whose parts are handled differently: within one tile and workgroup, and in several. */
const TRIALS: Readonly<Record<string, Trial<Network>>> = Object.fromEntries([
  ...CELLS.map((cell) => [`${cell} with hidden size 5`, makeTrial({ ...SMALL, cell })]),
  ["lstm with hidden size 40", makeTrial({ ...SMALL, ...LARGER })],
  ...CELLS.map((
    cell,
  ) => [`${cell} with attention`, makeAttentionTrial({ ...SMALL_ATTENTION, cell })]),
  [
    "lstm with attention and hidden size 40",
    makeAttentionTrial({ ...SMALL_ATTENTION, ...LARGER, embeddingSize: 33 }),
  ],
]);

for (const [what, trial] of Object.entries(TRIALS)) {
  const { network } = trial;
  const training: Training = network.decoder === "repeat"
    ? {
      ...{ trial, examples: makeExamples(network, COUNT) },
      regularization: { dropout: 0, seed: 0, labelSmoothing: 0 },
    }
    : {
      ...{ trial, examples: makePaddedExamples(network, COUNT) },
      regularization: { dropout: 0.3, seed: 8, labelSmoothing: 0.1 },
    };

  testOnEveryDevice(`the same training gives the same bytes: ${what}`, async (device) => {
    assertEquals(await trainWhole(device, training), await trainWhole(device, training));
  });

  testOnEveryDevice(
    `steps after loading a saved state equal steps without an interruption, bit for bit: ${what}`,
    async (device) => {
      const whole = await trainWhole(device, training);
      for (const cut of [1, 3, 5]) {
        using first = await device.load(trial.network, trial.values);
        const before = await train(first, training, [0, cut]);
        const values = before.state.slice(0, trial.values.length).map(({ values }) => values);
        using second = await device.load(trial.network, values);
        const after = await train(second, training, [cut, 6], before.state);
        assertEquals([...before.figures, ...after.figures], whole.figures);
        assertEquals(after.state, whole.state);
      }
    },
  );
}
