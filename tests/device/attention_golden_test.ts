import { assert, assertEquals } from "@std/assert";
import { startTfjs } from "../../src/device/reference/tfjs_backend.ts";
import { dropNothing } from "../../src/device/reference/attention/drop_values.ts";
import { runEncoder } from "../../src/device/reference/attention/run_encoder.ts";
import { assertClose } from "../assert_close.ts";
import {
  attentionExamplesOf,
  attentionNetworkOf,
  attentionValuesOf,
  type AttentionVector,
} from "../attention_vector.ts";
import { testOn, testOnEveryDevice } from "../devices.ts";
import { assertGoldenSteps } from "./golden_steps.ts";

const FOLDER = new URL("../vectors/attention/", import.meta.url);
const canRead = (await Deno.permissions.query({ name: "read", path: FOLDER })).state === "granted";
const names = canRead ? [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort() : [];

Deno.test({
  name: "tests/vectors/attention holds golden values",
  ignore: !canRead,
  fn: () => assert(names.length > 0, "tests/vectors/attention has no file"),
});

for (const name of names) {
  const vector: AttentionVector = JSON.parse(Deno.readTextFileSync(new URL(name, FOLDER)));
  const network = attentionNetworkOf(vector);
  const values = attentionValuesOf(vector);
  const examples = attentionExamplesOf(vector);
  const order = Uint32Array.from({ length: examples.count }, (_, i) => i);
  const { labelSmoothing } = vector;
  const regularization = { dropout: 0, seed: 0, labelSmoothing };

  testOnEveryDevice(`answer() gives PyTorch's answers of ${name}`, async (device) => {
    using executor = await device.load(network, values);
    const answers = await executor.answer(examples.sources, { probabilities: true });
    assertEquals([...answers.characters], vector.answers.flat());
    assertClose(answers.probabilities!, vector.probabilities.flat(2), "probabilities");
  });

  testOnEveryDevice(
    `decode() gives PyTorch's probabilities and attention of ${name}`,
    async (device) => {
      using executor = await device.load(network, values);
      using decoding = executor.decode(examples.sources);
      const ended = new Set<number>();
      for (let t = 0; t < network.outputLength; t++) {
        const before = vector.answers.map((answer) => answer[t - 1]!);
        const chosen = { parents: order, symbols: Uint8Array.from(before) };
        const step = await decoding.step(t === 0 ? undefined : chosen);
        before.forEach((symbol, b) => symbol === network.targetPadding && ended.add(b));
        for (const b of order) {
          const row = (of: Float32Array, size: number): Float32Array =>
            of.subarray(b * size, (b + 1) * size);
          const weights = row(step.attention, network.inputLength);
          assertClose(weights, vector.attention[b]![t]!, `attention of answer ${b} at ${t}`);
          if (ended.has(b)) continue; // the golden values say only that it has ended
          const found = row(step.probabilities, network.targetVocabularySize);
          assertClose(found, vector.probabilities[b]![t]!, `answer ${b} at ${t}`);
        }
      }
    },
  );

  for (const padFirst of vector.padded ? [false, true] : [false]) {
    const where = padFirst ? ", the padding of sources moved to their beginning" : "";
    testOnEveryDevice(
      `differentiate() gives PyTorch's loss and gradients of ${name}${where}`,
      async (device) => {
        using executor = await device.load(network, values);
        using held = executor.hold(attentionExamplesOf(vector, padFirst));
        const smoothed = { ...regularization, step: 1 };
        const { figures, gradients } = await executor.differentiate(held, order, smoothed);
        assertClose([figures.loss], [vector.loss], "loss");
        network.parameters.forEach(({ name }, i) =>
          assertClose(gradients[i]!, vector.gradients[i]!, `gradient of ${name}`)
        );
      },
    );
  }

  testOnEveryDevice(`five steps give PyTorch's losses and weights of ${name}`, async (device) => {
    using executor = await device.load(network, values);
    await assertGoldenSteps(executor, examples, vector, regularization);
  });

  testOn("reference", `the encoder gives PyTorch's states of ${name}`, async () => {
    const { tf, read } = await startTfjs("cpu");
    const [states, mask] = await read(() => {
      const shape: [number, number] = [examples.count, network.inputLength];
      const sources = tf.tensor2d(Int32Array.from(examples.sources), shape, "int32");
      const parameters = values.map((each, i) =>
        tf.tensor(each.slice(), [...network.parameters[i]!.shape])
      );
      const encoded = runEncoder(tf, network, parameters, sources, dropNothing);
      return [encoded.states, encoded.mask];
    });
    vector.encoded.flat().forEach((expected, i) => {
      if (mask![i] === 0) return;
      const H = network.hiddenSize;
      assertClose(states!.subarray(i * H, (i + 1) * H), expected, `state ${i}`);
    });
  });
}
