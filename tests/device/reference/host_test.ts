import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Executor } from "../../../src/device/executor.ts";
import { createReferenceDevice } from "../../../src/device/reference/reference_device.ts";
import { hasWebGpu } from "../../devices.ts";
import { makeTrial, SMALL } from "../trial.ts";
import { useEverything } from "./use_everything.ts";

const { network, values } = makeTrial(SMALL);

Deno.test({
  name: "a host computes with tfjs on its own backend while the reference computes on another",
  ignore: !hasWebGpu,
  sanitizeOps: false, // tfjs's device, and its `lost` promise, stay until the process ends
  sanitizeResources: false,
  async fn(): Promise<void> {
    await tf.setBackend("cpu");
    const own = tf.tensor1d([1, 2, 3]);
    await useEverything("webgpu", () => {
      assertEquals(tf.getBackend(), "cpu");
      assertEquals(tf.tidy(() => Array.from(tf.square(own).dataSync())), [1, 4, 9]);
    });
    own.dispose();
    await tf.setBackend("webgpu");
    await useEverything("cpu", () => assertEquals(tf.getBackend(), "webgpu"));
    await tf.setBackend("cpu");
  },
});

Deno.test("tensors of the reference outlive a tidy() of the host around it", async () => {
  const device = await createReferenceDevice("cpu", {
    requested: "cpu",
    reason: "as the test asks",
  });
  let loading: Promise<Executor> | undefined;
  tf.tidy(() => {
    loading = device.load(network, values);
  });
  using executor = await loading!;
  const state = await executor.readState();
  assertEquals(state.map(({ values }) => values), values);
});

Deno.test("a host may train its own model while the reference computes", async () => {
  await tf.setBackend("cpu");
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
  model.compile({ loss: "meanSquaredError", optimizer: "sgd" });
  const [x, y] = [tf.ones([8, 2]), tf.ones([8, 3])];
  const fitting = model.fit(x, y, { epochs: 5, verbose: 0 });
  await useEverything("cpu");
  const { history } = await fitting;
  assert(Number(history.loss!.at(-1)) < Number(history.loss![0]));
  tf.dispose([x, y]);
  model.dispose();
});
