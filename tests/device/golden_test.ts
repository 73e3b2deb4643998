import { assert } from "@std/assert";
import { assertClose } from "../assert_close.ts";
import { testOnEveryDevice } from "../devices.ts";
import { examplesOf, type GoldenVector, networkOf, parametersOf } from "../golden_vector.ts";
import { assertGoldenSteps } from "./golden_steps.ts";

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
    await assertGoldenSteps(executor, examples, vector);
  });
}
