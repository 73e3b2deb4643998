import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import type { Device } from "../../src/device/executor.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { exportKeras, exportKerasWeights } from "../../src/interop/keras/export_keras.ts";
import { importKeras } from "../../src/interop/keras/import_keras.ts";
import { describeNetwork } from "../../src/network/describe_network.ts";
import { optimizerSettings } from "../../src/training/restore_optimizer.ts";
import { assertClose } from "../assert_close.ts";
import { takeSteps } from "../device/trial.ts";
import { testOnEveryDevice } from "../devices.ts";
import { makeCheckpoint } from "./exported_models.ts";
import {
  BATCH_SIZE,
  drawExamples,
  drawQuestions,
  FIXTURE_NAMES,
  KERAS_2_NAMES,
  type KerasFile,
  readKerasFile,
  STEPS,
  STEPS_BEFORE,
  SUMS,
} from "./keras_files.ts";
import { hasPython, runPython } from "./python.ts";

/** Largest difference of a probability from Keras'. */
const PROBABILITY = { relative: 0, absolute: 1e-5 };
/** Largest difference of losses and parameters after 20 steps. */
const TRAINED = { relative: 0, absolute: 1e-4 };

/** Imports a file; the state of its optimiser too, if Keras' continuation is known. */
async function importFile({ bytes, losses }: KerasFile): Promise<Checkpoint> {
  return await importKeras(bytes, { ...SUMS, optimizer: losses !== undefined });
}

/** Compares probabilities with Keras'. */
async function assertAnswers(device: Device, name: string, folder?: URL): Promise<void> {
  const file = await readKerasFile(name, folder);
  const { model, parameters } = await importFile(file);
  using executor = await device.load(
    describeNetwork(model),
    parameters.map(({ values }) => values),
  );
  const count = file.probabilities.length / (3 * 12);
  const { probabilities } = await executor.answer(drawQuestions(count), { probabilities: true });
  assertClose(probabilities!, file.probabilities, `probabilities of ${name}`, PROBABILITY);
}

/** Takes 20 more steps, and compares losses and parameters with Keras'. */
async function assertContinues(device: Device, name: string, folder?: URL): Promise<void> {
  const file = await readKerasFile(name, folder);
  const checkpoint = await importFile(file);
  assertEquals(checkpoint.progress.stepsBefore, STEPS_BEFORE);
  await compareSteps(device, checkpoint, file, name);
}

async function compareSteps(
  device: Device,
  { model, parameters, moments, training, progress }: Checkpoint,
  file: KerasFile,
  name: string,
): Promise<void> {
  using executor = await device.load(
    describeNetwork(model),
    parameters.map(({ values }) => values),
  );
  const examples = drawExamples();
  using held = executor.hold(examples);
  using optimizer = executor.createOptimizer(
    optimizerSettings(training, progress.stepsBefore),
    moments.map(({ values }) => values),
  );
  const order = Uint32Array.from(
    { length: STEPS * BATCH_SIZE },
    (_, i) => STEPS_BEFORE * BATCH_SIZE + i,
  );
  const figures = await takeSteps(executor, {
    ...{ examples: held, optimizer, order, batchSize: BATCH_SIZE },
    learningRate: () => training.learningRate,
  });
  assertClose(figures.map(({ loss }) => loss), file.losses!, `losses of ${name}`, TRAINED);
  const after = (await executor.readState()).flatMap(({ values }) => [...values]);
  assertClose(after, file.after!, `parameters of ${name}`, TRAINED);
}

for (const name of [...FIXTURE_NAMES, ...KERAS_2_NAMES]) {
  testOnEveryDevice(
    `a model in ${name} of Keras answers here as there`,
    (device) => assertAnswers(device, name),
  );
}

for (const name of ["lstm.keras", "gru.keras", "lstm.h5", ...KERAS_2_NAMES]) {
  testOnEveryDevice(
    `training of ${name} goes on here as in Keras`,
    (device) => assertContinues(device, name),
  );
}

Deno.test({
  name:
    "importKeras() reads every cell with 1 to 3 decoder layers in every format (needs Python with keras and jax)",
  ignore: !hasPython("keras", "jax", "h5py"),
  async fn(): Promise<void> {
    const folder = await Deno.makeTempDir();
    try {
      const program = new URL("../vectors/keras_files.py", import.meta.url);
      await runPython(await Deno.readTextFile(program), folder, "all");
      const url = new URL(`file://${folder}/`);
      const names: string[] = JSON.parse(await Deno.readTextFile(new URL("files.json", url)));
      assertEquals(names.length, 27);
      const device = await chooseDevice("cpu", { threads: 1 });
      let continued = 0;
      for (const name of names) {
        await assertAnswers(device, name, url);
        const { losses } = await readKerasFile(name, url);
        if (losses === undefined) continue;
        await assertContinues(device, name, url);
        continued++;
      }
      assertEquals(continued, 3);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("an imported model says where it was trained, and can be saved as a checkpoint", async () => {
  const checkpoint = await importFile(await readKerasFile("lstm.keras"));
  assertEquals(checkpoint.trainedOn, "Keras 3.15.1");
  assertEquals(checkpoint.training.learningRate, 0.003);
  assertEquals(checkpoint.moments.length, 16);
  const { parameters } = await decodeCheckpoint(await encodeCheckpoint(checkpoint));
  assertEquals(parameters, checkpoint.parameters);
});

Deno.test("the settings of AdamW come in", async () => {
  const { training } = await importFile(await readKerasFile("gru.keras"));
  const { learningRate, weightDecay, beta1, beta2, epsilon, clipNorm, schedule } = training;
  assertEquals(
    [learningRate, weightDecay, beta1, beta2, epsilon, clipNorm, schedule],
    [0.002, 0.1, 0.9, 0.99, 1e-5, 0.1, "constant"],
  );
});

Deno.test("the version of Keras 2, and its learning rate, come in", async () => {
  const { trainedOn, training } = await importFile(await readKerasFile("keras2.keras"));
  assertEquals([trainedOn, training.learningRate], ["Keras 2.15.0", 0.003]);
});

Deno.test("a continuation that lacks the moments or the steps is noticed", async () => {
  const file = await readKerasFile("lstm.keras");
  const checkpoint = await importFile(file);
  const device = await chooseDevice("cpu", { threads: 1 });
  const { moments, progress: { stepsBefore, ...progress } } = checkpoint;
  assertEquals(stepsBefore, STEPS_BEFORE);
  const zeros = moments.map((moment) => ({ ...moment, values: moment.values.map(() => 0) }));
  for (const changed of [{ moments: zeros }, { progress: { ...progress, stepsBefore: 0 } }]) {
    await assertRejects(() => compareSteps(device, { ...checkpoint, ...changed }, file, "it"));
  }
});

Deno.test("weights alone with an optimiser's state are refused unless it is left out", async () => {
  const bytes = await exportKerasWeights(await makeCheckpoint(), { optimizer: true });
  await assertRejects(
    () => importKeras(bytes),
    SyntaxError,
    "its optimiser must be described, but the file holds its state alone; the model is imported without it if optimizer is false (--no-optimizer)",
  );
  assertEquals((await importKeras(bytes, { optimizer: false })).progress.stepsBefore, undefined);
});

Deno.test("a model with attention that was exported does not come back, and the error says so", async () => {
  const checkpoint = await makeCheckpoint({ decoder: "attention" });
  const bytes = await exportKeras(checkpoint);
  await assertRejects(
    () => importKeras(bytes),
    SyntaxError,
    "it must have the decoder repeat, but has attention",
  );
});

Deno.test("an import without the optimiser begins a new one", async () => {
  const { bytes } = await readKerasFile("gru.keras");
  const { progress, moments, training } = await importKeras(bytes, { ...SUMS, optimizer: false });
  assertEquals(progress.stepsBefore, undefined);
  assertEquals(training.weightDecay, 0);
  assert(moments.every(({ values }) => values.every((value) => value === 0)));
});

Deno.test("options of the training win over what the file says", async () => {
  const { bytes } = await readKerasFile("gru.keras");
  const { training } = await importKeras(bytes, { ...SUMS, training: { learningRate: 0.5 } });
  assertEquals([training.learningRate, training.clipNorm], [0.5, 0.1]);
});

Deno.test("a file that does not say its symbols needs a layout, and the error names sums of its sizes", async () => {
  const { bytes } = await readKerasFile("lstm.keras");
  await assertRejects(
    () => importKeras(bytes),
    RangeError,
    "Cannot import the model: its symbols and lengths must be given, because the file does not hold them; its sizes are those of additions of up to 2 digits",
  );
});

Deno.test("a layout of another size is refused", async () => {
  const { bytes } = await readKerasFile("lstm.keras");
  const { layout: { source, target }, problem } = SUMS;
  await assertRejects(
    () => importKeras(bytes, { problem, layout: { source: { ...source, length: 6 }, target } }),
    RangeError,
    "as many characters of a source as the model, 5, but has 6",
  );
});

for (const cell of ["lstm", "gru", "simple"] as const) {
  Deno.test(`what exportKeras() writes comes in as it was: ${cell}`, async () => {
    const checkpoint = await makeCheckpoint({
      ...{ cell, layers: 2 },
      training: { weightDecay: 0.01, clipNorm: 1, labelSmoothing: 0.1 },
    });
    const found = await importKeras(await exportKeras(checkpoint, { optimizer: true }));
    const { parameters, moments, model, problem, training, progress } = checkpoint;
    assertEquals(found.parameters, parameters);
    assertEquals(found.moments, moments);
    assertEquals([found.model, found.problem], [model, problem]);
    assertEquals(found.progress.stepsBefore, progress.step);
    for (
      const name of [
        ...["learningRate", "beta1", "beta2", "epsilon", "weightDecay", "clipNorm"] as const,
        "labelSmoothing" as const,
      ]
    ) assertEquals(found.training[name], training[name], name);
    const weights = await importKeras(await exportKerasWeights(checkpoint));
    assertEquals(weights.parameters, parameters);
    assertEquals(weights.problem, problem);
  });
}
