import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import type { Device } from "../../src/device/executor.ts";
import { createModel } from "../../src/model/create_model.ts";
import { predict, type Prediction } from "../../src/model/predict.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { train } from "../../src/training/train.ts";
import { assertClose } from "../assert_close.ts";
import { type DeviceName, hasDevice, openDevice } from "../devices.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";

const split = makeTinySplit();
const NAMES: readonly DeviceName[] = ["reference", "cpu", "webgpu"];
const QUESTIONS = ["1+1", "9+9", "3+4"];
/** A GPU's device, and its `lost` promise, stay until the process ends. */
const KEEPS_GPU = { sanitizeOps: false, sanitizeResources: false };

function confidenceOf(predictions: readonly Prediction[]): number[] {
  return predictions.map(({ probability }) => probability);
}

for (const [first, second] of NAMES.flatMap((a) => NAMES.map((b) => [a, b] as const))) {
  Deno.test({
    name:
      `two models are trained in turns without disturbing each other, on ${first} and ${second}`,
    ignore: !hasDevice(first) || !hasDevice(second),
    ...KEEPS_GPU,
    async fn(): Promise<void> {
      const trainAlone = async (device: Device): Promise<unknown> => {
        using model = await createModel(TINY_MODEL, { device, seed: 5 });
        using training = createTraining(model, TINY_OPTIONS);
        for await (const _ of train(training, split));
        const { parameters } = await takeCheckpoint(training, TINY_PROBLEM);
        return parameters;
      };
      const devices = [await openDevice(first), await openDevice(second)] as const;
      const expected = [await trainAlone(devices[0]), await trainAlone(devices[1])];
      using a = await createModel(TINY_MODEL, { device: devices[0], seed: 5 });
      using b = await createModel(TINY_MODEL, { device: devices[1], seed: 5 });
      using trainingA = createTraining(a, TINY_OPTIONS);
      using trainingB = createTraining(b, TINY_OPTIONS);
      const loops = [train(trainingA, split), train(trainingB, split)];
      for (;;) { // an event of each in turn
        const both = await Promise.all(loops.map((loop) => loop.next()));
        if (both.every(({ done }) => done)) break;
      }
      const found = await Promise.all(
        [trainingA, trainingB].map((training) => takeCheckpoint(training, TINY_PROBLEM)),
      );
      assertEquals(found.map(({ parameters }) => parameters), expected);
    },
  });
}

Deno.test({
  name: "a trained model still predicts after another device was chosen",
  ...KEEPS_GPU,
  async fn(): Promise<void> {
    for (const name of NAMES.filter(hasDevice)) {
      const device = await openDevice(name);
      using model = await createModel(TINY_MODEL, { device, seed: 1 });
      using training = createTraining(model, TINY_OPTIONS);
      for await (const _ of train(training, split));
      const expected = await predict(model, QUESTIONS);
      for (const executor of ["kernels", "reference"] as const) {
        await chooseDevice("cpu", { executor });
        if (hasDevice("webgpu")) await chooseDevice("webgpu", { executor, cell: "lstm" });
        assertEquals(await predict(model, QUESTIONS), expected, `${name}, then ${executor}`);
      }
    }
  },
});

Deno.test({
  name: "the devices give the same answers",
  ...KEEPS_GPU,
  async fn(): Promise<void> {
    const all: Prediction[][] = [];
    for (const name of NAMES.filter(hasDevice)) {
      using model = await createModel(TINY_MODEL, { device: await openDevice(name), seed: 1 });
      all.push(await predict(model, QUESTIONS));
    }
    for (const predictions of all) {
      assertEquals(predictions.map(({ answer }) => answer), all[0]!.map(({ answer }) => answer));
      assertClose(confidenceOf(predictions), confidenceOf(all[0]!), "probabilities");
    }
  },
});

/** The backend of tfjs and all its flags. */
function describeHost(): unknown {
  const flags = tf.env().getFlags();
  return { backend: tf.getBackend(), flags: { ...flags } };
}

Deno.test({
  name: "a program's own backend of tfjs, its flags and its tensors stay as they were",
  ...KEEPS_GPU,
  async fn(): Promise<void> {
    tf.registerBackend("host", tf.findBackendFactory("cpu")!);
    tf.registerKernel({ ...tf.getKernel("Add", "cpu")!, backendName: "host" });
    await tf.setBackend("host");
    try {
      const own = tf.tensor1d([1, 2, 3]);
      for (const name of NAMES.filter(hasDevice)) {
        await chooseDevice(name === "webgpu" ? "webgpu" : "cpu", { cell: "lstm" }); // registers flags of its own
        const before = describeHost();
        const { numTensors } = tf.memory();
        using model = await createModel(TINY_MODEL, { device: await openDevice(name), seed: 1 });
        using training = createTraining(model, { ...TINY_OPTIONS, epochs: 1 });
        for await (const _ of train(training, split)) assertEquals(describeHost(), before, name);
        await predict(model, QUESTIONS);
        await takeCheckpoint(training, TINY_PROBLEM);
        assertEquals(describeHost(), before, name);
        if (name !== "reference") assertEquals(tf.memory().numTensors, numTensors, name);
        const sum = tf.add(own, own);
        assertEquals([...await sum.data()], [2, 4, 6]);
        sum.dispose();
      }
      own.dispose();
      assert(tf.getBackend() === "host");
    } finally {
      await tf.setBackend("cpu");
      tf.removeBackend("host");
    }
  },
});
