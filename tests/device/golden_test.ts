import { assert, assertEquals } from "@std/assert";
import { assertClose } from "../assert_close.ts";
import { testOnEveryDevice } from "../devices.ts";
import { examplesOf, type GoldenVector, networkOf, parametersOf } from "../golden_vector.ts";
import { takeSteps } from "./trial.ts";

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
  const network = networkOf(vector);
  const values = parametersOf(vector).map(({ values }) => values);
  const examples = examplesOf(vector);
  const order = Uint32Array.from({ length: examples.count }, (_, i) => i);

  testOnEveryDevice(`answer() gives Keras' probabilities of ${name}`, async (device) => {
    using executor = await device.load(network, values);
    const { probabilities } = await executor.answer(examples.sources, { probabilities: true });
    assertClose(probabilities!, vector.probabilities.flat(2), "probabilities");
  });

  testOnEveryDevice(
    `differentiate() gives Keras' loss and gradients of ${name}`,
    async (device) => {
      using executor = await device.load(network, values);
      using held = executor.hold(examples);
      const { figures, gradients } = await executor.differentiate(held, order);
      assertClose([figures.loss], [vector.loss], "loss");
      network.parameters.forEach(({ name }, i) =>
        assertClose(gradients[i]!, vector.gradients[i]!, `gradient of ${name}`)
      );
    },
  );

  testOnEveryDevice(`five steps give Keras' losses and weights of ${name}`, async (device) => {
    using executor = await device.load(network, values);
    using held = executor.hold(examples);
    const { learningRate, beta1, beta2, epsilon, lossBeforeStep, weightsAfter5Steps } = vector.adam;
    const rates = { beta1, beta2, epsilon, weightDecay: 0, clipNorm: 0 };
    using optimizer = executor.createOptimizer({ name: "adam", ...rates });
    const figures = await takeSteps(executor, {
      ...{ examples: held, optimizer, learningRate: () => learningRate },
      ...{ order: Uint32Array.from([...order, ...order, ...order, ...order, ...order]) },
      batchSize: examples.count,
    });
    assertClose(figures.map(({ loss }) => loss), lossBeforeStep, "loss before each step");
    const state = await executor.readState();
    assertEquals(state.length, weightsAfter5Steps.length);
    state.forEach(({ name, values }, i) => assertClose(values, weightsAfter5Steps[i]!, name));
  });
}
