import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { exportKeras, exportKerasWeights } from "../../src/interop/keras/export_keras.ts";
import { KERAS_EXAMPLES, KERAS_WEIGHTS_EXAMPLES } from "../../src/interop/keras/keras_examples.ts";
import { nextLearningRate } from "../../src/interop/keras/keras_optimizer.ts";
import { CELLS } from "../../src/network/config.ts";
import { parameterShapes } from "../../src/network/parameters.ts";
import type { EpochMetrics } from "../../src/training/metrics.ts";
import type { TrainingProgress } from "../../src/training/progress.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";
import { learningRateAt } from "../../src/training/schedule.ts";
import { assertClose } from "../assert_close.ts";
import { runExample } from "./example_programs.ts";
import { answerWith, makeCheckpoint } from "./exported_models.ts";
import { exportAll, inFolder, readFloats, writeJson } from "./keras_folder.ts";
import { ASK_KERAS } from "./keras_programs.ts";
import { hasPython, runPython } from "./python.ts";
import { askCarry, QUESTIONS } from "./tfjs_models.ts";

const hasKeras = hasPython("keras", "jax", "h5py");
/** Largest difference of a probability. */
const TOLERANCE = { absolute: 1e-5, relative: 0 };
/** How Keras begins its warning of a file without the state of an optimiser. */
const SKIPPED = "Skipping variable loading";
/** The models that Keras trains for two epochs of four batches: compiling a step of each takes seconds. */
const FITTED = ["lstm-1", "gru-2", "simple-3"];

Deno.test({
  name:
    "Keras loads exported models of every cell without custom code, answers 1,000 questions as we do, and trains them at once (needs Python with keras, jax and h5py)",
  ignore: !hasKeras,
  async fn(): Promise<void> {
    const made = Object.fromEntries(
      CELLS.flatMap((cell) =>
        [1, 2, 3].map((layers) => [`${cell}-${layers}`, { cell, layers }] as const)
      ),
    );
    await inFolder(async (folder) => {
      const checkpoints = await exportAll(folder, made);
      const anew = await exportKeras(checkpoints.get("lstm-1")!);
      await Deno.writeFile(`${folder}/lstm-1.keras`, anew);
      await writeJson(`${folder}/questions.json`, QUESTIONS);
      await writeJson(`${folder}/fitted.json`, FITTED);
      const report = JSON.parse(await runPython(ASK_KERAS, folder));
      for (const [name, checkpoint] of checkpoints) {
        const found = await readFloats(`${folder}/${name}.f32`);
        assertClose(found, await askCarry(checkpoint), name, TOLERANCE);
        const { layers, learningRate, warnings, iterations, fitted, sameWeights } = report[name];
        const isAnew = name === "lstm-1"; // its file has no state of the optimiser
        assertEquals(warnings.map((text: string) => text.slice(0, 25)), isAnew ? [SKIPPED] : []);
        assertEquals(iterations, isAnew ? 0 : 3);
        assertEquals(fitted, FITTED.includes(name) ? 8 : 0);
        assert(sameWeights);
        assertClose([learningRate], [0.001], "learning rate");
        assertEquals(layers.length, 4 + checkpoint.model.layers);
      }
    });
  },
});

for (
  const [what, { examples, write, file }] of Object.entries({
    ".keras": { examples: KERAS_EXAMPLES, write: exportKeras, file: "out/a model.keras" },
    ".weights.h5": {
      examples: KERAS_WEIGHTS_EXAMPLES,
      write: exportKerasWeights,
      file: "out/a model.weights.h5",
    },
  })
) {
  Deno.test({
    name:
      `the example for ${what} files answers in Python as we do (needs Python with keras, jax and h5py)`,
    ignore: !hasKeras,
    async fn(): Promise<void> {
      const training = { learningRate: 0.02 };
      const questions = QUESTIONS.slice(0, 20);
      for (
        const shape of [
          { cell: "gru", layers: 2 },
          { cell: "lstm", decoder: "attention", encoderLayers: 2 },
        ] as const
      ) {
        const checkpoint = await makeCheckpoint({ ...shape, steps: 60, training });
        const files = new Map([[file, await write(checkpoint)]]);
        const program = examples.python!(file);
        const { lines, errors } = await runExample("python", program, { files, args: questions });
        const expected = (await answerWith(checkpoint, questions)).map(({ answer }) => answer);
        assertEquals(lines, expected, errors);
        assert(new Set(expected).size > 1);
      }
    },
  });
}

Deno.test("exports for Keras give the same bytes for the same checkpoint, at another time too", async () => {
  const checkpoint = await makeCheckpoint();
  const write = async (): Promise<Uint8Array[]> => [
    await exportKeras(checkpoint, { optimizer: true }),
    await exportKerasWeights(checkpoint),
  ];
  const first = await write();
  const { now } = Date;
  try {
    Date.now = () => now() + 1e7; // the HDF5 library takes its times from it
    assertEquals(await write(), first);
  } finally {
    Date.now = now;
  }
});

Deno.test("Keras gets the learning rate of the next step, or 0.001 if none is known", async () => {
  const { training: notebook, progress } = await makeCheckpoint({ steps: 0 });
  const training = resolveTraining({ recipe: "fast", epochs: 4, learningRate: 0.02 });
  const epoch: EpochMetrics = {
    ...{ epoch: 1, step: 100, loss: 1, validationLoss: 1, characterAccuracy: 0.5 },
    ...{ exactMatch: 0, elapsedMs: 1 },
  };
  const after = (step: number, history: readonly EpochMetrics[] = [epoch]): TrainingProgress => ({
    ...{ ...progress, step, history },
  });
  assertEquals(nextLearningRate({ training: notebook, progress: after(5, []) }), 0.001);
  assertEquals(nextLearningRate({ training, progress: after(5, []) }), 0.001);
  assertEquals(
    nextLearningRate({ training, progress: after(320) }),
    learningRateAt(321, 400, training),
  );
  assertEquals(nextLearningRate({ training, progress: after(400) }), 0.001);
});

Deno.test("exports for Keras refuse an optimiser's state that the checkpoint does not have", async () => {
  const checkpoint = { ...await makeCheckpoint({ steps: 0 }), moments: [] };
  await assertRejects(
    () => exportKeras(checkpoint, { optimizer: true }),
    RangeError,
    "the checkpoint must have Adam's moments, but has none",
  );
});

Deno.test("exports for Keras refuse options that there are not, and impossible ones", async () => {
  const checkpoint = await makeCheckpoint({ steps: 0 });
  await assertRejects(() => exportKeras(checkpoint, { learningRate: 0 }), RangeError);
  await assertRejects(() => exportKeras(checkpoint, { optimiser: true } as object), TypeError);
});

Deno.test("exportKerasWeights() refuses a learning rate that its file would not hold", async () => {
  const checkpoint = await makeCheckpoint({ steps: 0 });
  await assertRejects(
    () => exportKerasWeights(checkpoint, { learningRate: 0.5 }),
    RangeError,
    "with a learningRate optimizer must be true, because weights alone have no learning rate, but is false",
  );
  await exportKerasWeights(checkpoint, { learningRate: 0.5, optimizer: true });
  await exportKeras(checkpoint, { learningRate: 0.5 }); // the model is compiled with it
});

Deno.test("exports for Keras refuse what is no checkpoint, in a sentence", async () => {
  const checkpoint = await makeCheckpoint({ steps: 0 });
  const { model, parameters, moments, progress } = checkpoint;
  const [first, ...others] = parameters;
  const wrong: readonly (readonly [checkpoint: unknown, message: string])[] = [
    [null, "the checkpoint must be an object, but is null"],
    [{}, "must be an object"],
    [{ ...checkpoint, parameters: others }, "the model has 8, but 7 are given"],
    [{ ...checkpoint, model: { ...model, cell: "gru" } }, '"gru/kernel" is missing'],
    [{ ...checkpoint, model: { ...model, hiddenSize: 16 } }, '"lstm/kernel" must have the shape'],
    [{ ...checkpoint, problem: { name: "no" } }, "the problem must be one of addition"],
    [
      {
        ...checkpoint,
        parameters: [{ ...first, values: new Float64Array(first!.values) }, ...others],
      },
      "values in a Float32Array",
    ],
    [{ ...checkpoint, training: undefined }, "its training must be an object, but is undefined"],
    [{ ...checkpoint, progress: { ...progress, step: "x" } }, 'but is "x"'],
    [{ ...checkpoint, progress: { step: 2 ** 40 } }, "the progress"],
    [
      { ...checkpoint, moments: moments.map((each) => ({ ...each, shape: [1] })) },
      '"adam/m/lstm/kernel" must have the shape',
    ],
    [{ ...checkpoint, moments: moments.slice(1) }, '"adam/m/lstm/kernel" must have the shape'],
    [{ ...checkpoint, moments: null }, "the tensors must be an array, but are null"],
  ];
  for (const [given, message] of wrong) {
    for (const write of [exportKeras, exportKerasWeights]) {
      // @ts-expect-error it is no checkpoint
      const error = await assertRejects(() => write(given, { optimizer: true }), Error, message);
      assert(error instanceof TypeError || error instanceof RangeError, String(error));
      assert(error.message.startsWith("Cannot export the model to Keras: "), error.message);
    }
  }
});

Deno.test("exports for Keras refuse more steps than Keras counts", async () => {
  const checkpoint = await makeCheckpoint({ steps: 2 });
  const after = (stepsBefore: number): Checkpoint => ({
    ...checkpoint,
    progress: { ...checkpoint.progress, stepsBefore },
  });
  await exportKerasWeights(after(2 ** 31 - 3), { optimizer: true });
  await assertRejects(
    () => exportKerasWeights(after(2 ** 31 - 2), { optimizer: true }),
    RangeError,
    "Keras counts at most 2147483647 steps, but it has taken 2147483648",
  );
  await exportKerasWeights(after(2 ** 31 - 2)); // no state, no count
});

Deno.test("exports for Keras refuse a file of 4 GiB before they write anything, and the error names safetensors", async () => {
  const checkpoint = await makeCheckpoint({ steps: 0 });
  const model = { ...checkpoint.model, hiddenSize: 1024, layers: 48 };
  const zeros = new Float32Array(1024 * 4096);
  const parameters = parameterShapes(model).map(({ name, shape }) => ({
    ...{ name, shape, values: zeros.subarray(0, shape.reduce((size, n) => size * n, 1)) },
  }));
  const error = await assertRejects(
    () => exportKeras({ ...checkpoint, model, parameters }, { optimizer: true }),
    RangeError,
  );
  assertMatch(
    error.message,
    /^Cannot export the model to Keras: the file must be below 4 GiB, but its numbers alone have \d{10} bytes; safetensors holds them$/,
  );
});
