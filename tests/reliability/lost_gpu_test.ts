import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../src/backend/backend.ts";
import { takeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { createModel } from "../../src/model/model.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/training.ts";
import { hasWebGpu } from "../backends.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";

/** The step after which the device goes. */
const LAST_STEP = 3;

Deno.test({
  name: "a lost GPU ends training and cannot be saved as if nothing had happened",
  ignore: !hasWebGpu,
  // tfjs keeps its device, and the promise of its loss, for the life of the process
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(): Promise<void> {
    await selectBackend("webgpu");
    const model = await createModel(TINY_MODEL, { seed: 1 });
    const training = createTraining(model, TINY_OPTIONS);
    const error = await assertRejects(async () => {
      for await (const { event } of train(training, makeTinySplit(), { samples: 0 })) {
        if (event === "step" && training.progress.step === LAST_STEP) destroyDevice();
      }
    }, DOMException);
    assertEquals(error.name, "OperationError"); // by which the command line knows it
    assertEquals(training.progress.step, LAST_STEP);
    await assertRejects(() => takeCheckpoint(training, TINY_PROBLEM));
  },
});

function destroyDevice(): void {
  (tf.backend() as unknown as { readonly device: { destroy(): void } }).device.destroy();
}
