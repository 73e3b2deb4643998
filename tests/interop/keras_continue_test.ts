import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { createDataset, type Dataset } from "../../src/dataset/dataset.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { listVariableGroups } from "../../src/interop/keras/variable_groups.ts";
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
    const attention = { decoder: "attention", layers: 2, embeddingSize: 5 } as const;
    const made: Readonly<Record<string, MadeModel>> = {
      ...Object.fromEntries(CELLS.map((cell) => [cell, { cell }])),
      "two-layers": { layers: 2, training: { clipNorm: 0.5, learningRate: 0.005 } },
      "adam-w": { training: { ...adamW, schedule: "constant", learningRate: 0.003 } },
      "attention": { ...attention, encoderLayers: 2 },
      "attention-forward": {
        ...{ ...attention, cell: "gru", bidirectional: false },
        training: { labelSmoothing: 0.1, clipNorm: 0.5, learningRate: 0.003 },
      },
    };
    await inFolder(async (folder) => {
      const checkpoints = await exportAll(folder, made);
      for (const [name, checkpoint] of checkpoints) {
        await writeJson(`${folder}/${name}.json`, listBatches(checkpoint));
      }
      await runPython(TRAIN_KERAS, folder);
      for (const [name, checkpoint] of checkpoints) {
        const found = await readFloats(`${folder}/${name}.f32`);
        const expected = await trainHere(checkpoint);
        assertClose(found, expected, name, TOLERANCE);
      }
    });
  },
});

/** Gives examples for a model, and the rows of all batches. */
function makeExamples({ model }: Checkpoint): { dataset: Dataset; order: Uint32Array } {
  const dataset = createDataset(generateAddition({ digits: 2, examples: 500 }), model);
  return { dataset, order: drawRows(dataset.count, STEPS * BATCH_SIZE) };
}

/** Lists the batches: sources, targets, and whether each position of a target counts, which it does up to the first padding. */
function listBatches(checkpoint: Checkpoint): (readonly number[][])[][] {
  const { dataset, order } = makeExamples(checkpoint);
  const { source, target } = checkpoint.model;
  const end = target.symbols.indexOf(target.padding!);
  return Array.from({ length: STEPS }, (_, step) => {
    const batch = [...order.subarray(step * BATCH_SIZE, (step + 1) * BATCH_SIZE)];
    const rows = (values: Uint8Array, length: number): number[][] =>
      batch.map((row) => [...values.subarray(row * length, (row + 1) * length)]);
    const targets = rows(dataset.targets, target.length);
    const counts = targets.map((each) =>
      each.map((_, t) => t === 0 || each[t - 1] !== end ? 1 : 0)
    );
    return [rows(dataset.sources, source.length), targets, counts];
  });
}

/** Trains a checkpoint with the batches. @returns the parameters and then the moments, as Keras orders them, one after the other */
async function trainHere(checkpoint: Checkpoint): Promise<Float32Array> {
  const { model: config, parameters, moments, training, progress } = checkpoint;
  const { dataset, order } = makeExamples(checkpoint);
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
  const state = new Map((await executor.readState(optimizer)).map((each) => [each.name, each]));
  const names = listVariableGroups(config).flatMap(({ parameters }) =>
    parameters.map(({ name }) => name)
  );
  const inOrder = [...names, ...names.flatMap((name) => [`adam/m/${name}`, `adam/v/${name}`])];
  return Float32Array.from(inOrder.flatMap((name) => [...state.get(name)!.values]));
}
