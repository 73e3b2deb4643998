import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { hasWebGpu } from "../../devices.ts";
import { useEverything } from "./use_everything.ts";

// it is alone in its file, because tfjs has chosen no backend yet
Deno.test({
  name: "the reference leaves tfjs as it was: no backend chosen, no flag set, no tensor more",
  sanitizeOps: false, // tfjs's device, and its `lost` promise, stay until the process ends
  sanitizeResources: false,
  async fn(): Promise<void> {
    const checkNone = (): void => assert(!tf.getBackend(), `chosen: ${tf.getBackend()}`);
    await useEverything("cpu", checkNone);
    if (hasWebGpu) await useEverything("webgpu", checkNone);
    assertEquals(tf.env().getBool("PROD"), false);
    assertEquals(tf.memory().numTensors, 0); // this makes tfjs choose, as it would have done before
    assertEquals(tf.getBackend(), "cpu");
    assertEquals(tf.engine().backendNames().filter((name) => name.startsWith("carry")), []);
  },
});
