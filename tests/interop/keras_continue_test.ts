import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { createDataset } from "../../src/dataset/dataset.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { createModel } from "../../src/model/create_model.ts";
import { CELLS } from "../../src/network/config.ts";
import { generateAddition } from "../../src/problem/addition.ts";
import { optimizerSettings } from "../../src/training/restore_optimizer.ts";
import { assertClose } from "../assert_close.ts";
import { drawRows, takeSteps } from "../device/trial.ts";
import type { MadeModel } from "./exported_models.ts";
import { exportAll, inFolder, readFloats, writeJson } from "./keras_folder.ts";
import { TRAIN_KERAS } from "./keras_programs.ts";
import { hasPython, runPython } from "./python.ts";

/** Largest difference of a weight or a moment after the steps. Measured: 1.5e-6. */
const TOLERANCE = { absolute: 1e-4, relative: 0 };
const BATCH_SIZE = 16;
const STEPS = 20;

Deno.test({
  name:
    "Keras goes on with the optimiser's state of an exported model as we do, over 20 steps (needs Python with keras, jax and h5py)",
  ignore: !hasPython("keras", "jax", "h5py"),
  async fn(): Promise<void> {
    const adamW = { recipe: "fast", labelSmoothing: 0.1, epochs: 2 } as const;
    const made: Readonly<Record<string, MadeModel>> = {
      ...Object.fromEntries(CELLS.map((cell) => [cell, { cell }])),
      "two-layers": { layers: 2, training: { clipNorm: 0.5, learningRate: 0.005 } },
      "adam-w": { training: { ...adamW, schedule: "constant", learningRate: 0.003 } },
    };
    await inFolder(async (folder) => {
      const checkpoints = await exportAll(folder, made);
      const { model } = checkpoints.get("lstm")!;
      const dataset = createDataset(generateAddition({ digits: 2, examples: 500 }), model);
      const order = drawRows(dataset.count, STEPS * BATCH_SIZE);
      const rows = (values: Uint8Array, length: number, step: number): number[][] =>
        Array.from(order.subarray(step * BATCH_SIZE, (step + 1) * BATCH_SIZE), (row) => [
          ...values.subarray(row * length, (row + 1) * length),
        ]);
      const batches = Array.from({ length: STEPS }, (_, step) => [
        rows(dataset.sources, model.source.length, step),
        rows(dataset.targets, model.target.length, step),
      ]);
      await writeJson(`${folder}/batches.json`, batches);
      await runPython(TRAIN_KERAS, folder);
      for (const [name, checkpoint] of checkpoints) {
        const found = await readFloats(`${folder}/${name}.f32`);
        const expected = await trainHere(checkpoint, dataset, order);
        assertClose(found, expected, name, TOLERANCE);
      }
    });
  },
});

/** Trains a checkpoint with batches. @returns the parameters, and then the moments in Keras' order, one after the other */
async function trainHere(
  { model: config, parameters, moments, training, progress }: Checkpoint,
  dataset: { readonly count: number; readonly sources: Uint8Array; readonly targets: Uint8Array },
  order: Uint32Array,
): Promise<Float32Array> {
  const device = await chooseDevice("cpu", { threads: 1 });
  using model = await createModel(config, { device, parameters });
  const { executor } = model;
  using held = executor.hold(dataset);
  using optimizer = executor.createOptimizer(
    optimizerSettings(training, progress.stepsBefore),
    moments.map(({ values }) => values),
  );
  const { labelSmoothing, learningRate } = training;
  await takeSteps(executor, {
    ...{ examples: held, optimizer, order, batchSize: BATCH_SIZE, step: progress.step },
    regularization: { dropout: 0, seed: 0, labelSmoothing },
    learningRate: () => learningRate,
  });
  const state = (await executor.readState(optimizer)).map(({ values }) => values);
  const count = parameters.length;
  const inKerasOrder = Array.from({ length: count }, (_, i) => [
    state[count + i]!,
    state[2 * count + i]!,
  ]).flat();
  return Float32Array.from(
    [...state.slice(0, count), ...inKerasOrder].flatMap((each) => [...each]),
  );
}
