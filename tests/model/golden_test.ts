import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { forward, variablesOf } from "../../src/model/forward.ts";
import { createModel } from "../../src/model/create_model.ts";
import { readTensors } from "../../src/model/read_tensors.ts";
import {
  createOptimizer,
  differentiate,
  readFigures,
  takeStep,
} from "../../src/training/optimizer.ts";
import { assertClose } from "../assert_close.ts";
import { readAll, testOnBackends } from "../backends.ts";
import { batchOf, configOf, type GoldenVector, parametersOf } from "../golden_vector.ts";

const FOLDER = new URL("../vectors/", import.meta.url);
const canRead = (await Deno.permissions.query({ name: "read", path: FOLDER })).state === "granted";
const names = canRead
  ? [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".json"))
  : [];

Deno.test({
  name: "tests/vectors holds golden values",
  ignore: !canRead,
  fn: () => assert(names.length > 0, "tests/vectors has no *.json"),
});

for (const name of names.sort()) {
  const vector: GoldenVector = JSON.parse(Deno.readTextFileSync(new URL(name, FOLDER)));
  testOnBackends(`forward() gives Keras' probabilities of ${name}`, async () => {
    using model = await createModel(configOf(vector), { parameters: parametersOf(vector) });
    const batch = batchOf(vector);
    const probabilities = tf.tidy(() => {
      const sources = tf.tensor2d(batch.sources, [batch.size, vector.inputLength], "int32");
      return tf.softmax(forward(model.config, variablesOf(model), sources));
    });
    const values = await probabilities.data();
    probabilities.dispose();
    assertClose(values, vector.probabilities.flat(2), "probabilities");
  });

  testOnBackends(`differentiate() gives Keras' loss and gradients of ${name}`, async () => {
    using model = await createModel(configOf(vector), { parameters: parametersOf(vector) });
    const { figures, gradients } = differentiate(model, batchOf(vector));
    assertClose([(await readFigures(figures)).loss], [vector.loss], "loss");
    for (const [i, values] of (await readAll(gradients)).entries()) {
      assertClose(values, vector.gradients[i]!, `gradient of ${model.parameters[i]!.name}`);
    }
  });

  testOnBackends(`takeStep() gives Keras' weights after five Adam steps of ${name}`, async () => {
    using model = await createModel(configOf(vector), { parameters: parametersOf(vector) });
    using optimizer = createOptimizer(model);
    const { learningRate, beta1, beta2, epsilon, lossBeforeStep, weightsAfter5Steps } = vector.adam;
    const rates = { learningRate, beta1, beta2, epsilon, weightDecay: 0, clipNorm: 0 };
    const figures = [1, 2, 3, 4, 5].map((step) =>
      takeStep(model, optimizer, batchOf(vector), { ...rates, step })
    );
    const losses = (await Promise.all(figures.map(readFigures))).map(({ loss }) => loss);
    assertClose(losses, lossBeforeStep, "loss before each step");
    for (const [i, { name, values }] of (await readTensors(model.parameters)).entries()) {
      assertClose(values, weightsAfter5Steps[i]!, name);
    }
  });
}
