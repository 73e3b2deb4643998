import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { createDataset, type Dataset } from "../../src/dataset/dataset.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { exportKeras } from "../../src/interop/keras/export_keras.ts";
import { importKeras } from "../../src/interop/keras/import_keras.ts";
import { createModel } from "../../src/model/create_model.ts";
import type { NamedTensor } from "../../src/network/parameters.ts";
import { generateAddition } from "../../src/problem/addition.ts";
import type { Example } from "../../src/problem/example.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { assertClose } from "../assert_close.ts";
import { takeSteps } from "../device/trial.ts";
import { inFolder } from "../reliability/carry_process.ts";
import { makeCheckpoint } from "./exported_models.ts";
import { hasPython, KERAS_ENVIRONMENT, PYTHON } from "./python.ts";

const SCRIPT = new URL("keras_data_parallel.py", import.meta.url).pathname;
/** Batches of 32 divide into two devices. */
const [BATCH_SIZE, STEPS] = [32, 20];

Deno.test({
  name:
    "a training that goes on in Keras (Python) on two devices, data-parallel, comes back as if it had gone on here",
  ignore: !hasPython("keras", "jax"),
  fn: () =>
    inFolder(async (folder) => {
      const begun = await makeCheckpoint();
      const examples = [
        ...generateAddition({ digits: 2, examples: BATCH_SIZE * STEPS, seed: 9 }),
      ];
      const [model, continued] = [`${folder}/model.keras`, `${folder}/continued.keras`];
      await Deno.writeFile(model, await exportKeras(begun, { optimizer: true }));
      const said = await goOnThere(model, examples, continued);
      assertStringIncludes(said, `2 devices, ${begun.progress.step + STEPS} steps`);
      const { model: { source, target }, problem } = begun;
      const back = await importKeras(await Deno.readFile(continued), {
        layout: { source, target },
        problem,
      });
      assertEquals(back.progress.stepsBefore, begun.progress.step + STEPS);
      const here = await goOnHere(begun, createDataset(examples, begun.model));
      const there = [...back.parameters, ...back.moments];
      assertEquals(there.map(({ name }) => name), here.map(({ name }) => name));
      here.forEach(({ name, values }, i) => assertClose(there[i]!.values, values, name));
    }),
});

async function goOnThere(
  model: string,
  examples: readonly Example[],
  continued: string,
): Promise<string> {
  const pairs = `${model}.tsv`;
  await Deno.writeTextFile(
    pairs,
    examples.map(({ question, answer }) => `${question}\t${answer}\n`).join(""),
  );
  const { success, stdout, stderr } = await new Deno.Command(PYTHON, {
    args: [SCRIPT, model, pairs, continued, `--batch-size=${BATCH_SIZE}`],
    env: { ...KERAS_ENVIRONMENT, XLA_FLAGS: "--xla_force_host_platform_device_count=2" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Takes the same steps here. */
async function goOnHere(begun: Checkpoint, dataset: Dataset): Promise<readonly NamedTensor[]> {
  const device = await chooseDevice("cpu", { threads: 1 });
  using model = await createModel(begun.model, { device, parameters: begun.parameters });
  using training = createTraining(model, begun.training, begun);
  using held = model.executor.hold(dataset);
  await takeSteps(model.executor, {
    ...{ examples: held, optimizer: training.optimizer, batchSize: BATCH_SIZE },
    ...{
      order: Uint32Array.from({ length: dataset.count }, (_, i) => i),
      step: begun.progress.step,
    },
    learningRate: () => begun.training.learningRate,
  });
  return await model.executor.readState(training.optimizer);
}
