import { assertEquals, assertThrows } from "@std/assert";
import { exportTfjs } from "../../src/interop/tfjs/export_tfjs.ts";
import { describePortable } from "../../src/interop/portable.ts";
import { CELLS } from "../../src/network/config.ts";
import { assertClose } from "../assert_close.ts";
import { makeCheckpoint } from "./exported_models.ts";
import { askCarry, askTfjs, loadFiles, loadTfjs, saveFiles } from "./tfjs_models.ts";

/** Largest difference of a probability. */
const TOLERANCE = { absolute: 1e-5, relative: 0 };

for (const cell of CELLS) {
  for (const layers of [1, 2, 3]) {
    Deno.test(`TensorFlow.js answers 1,000 questions with an exported ${cell} of ${layers} decoder layers as we do`, async () => {
      const tf = await loadTfjs();
      const checkpoint = await makeCheckpoint({ cell, layers });
      const model = await loadFiles(tf, exportTfjs(checkpoint));
      const found = await askTfjs(tf, model, checkpoint.model);
      assertClose(found, await askCarry(checkpoint), "probabilities", TOLERANCE);
      model.dispose();
    });
  }
}

Deno.test("TensorFlow.js writes an exported model again with the same layers, weights and metadata", async () => {
  const tf = await loadTfjs();
  for (const cell of CELLS) {
    const checkpoint = await makeCheckpoint({ cell, layers: 2, steps: 0 });
    const files = exportTfjs(checkpoint);
    const model = await loadFiles(tf, files);
    const again = await saveFiles(tf, model);
    const [ours, theirs] = [files, again].map((each) =>
      JSON.parse(new TextDecoder().decode(each.get("model.json")))
    );
    assertEquals(theirs.modelTopology, ours.modelTopology);
    assertEquals(Object.keys(theirs.modelTopology), Object.keys(ours.modelTopology));
    assertEquals(theirs.weightsManifest[0].weights, ours.weightsManifest[0].weights);
    assertEquals(theirs.userDefinedMetadata, { carry: describePortable(checkpoint) });
    assertEquals(again.get("model.weights.bin"), files.get("group1-shard1of1.bin"));
    model.dispose();
  }
});

Deno.test("weights of more than 4 MiB are divided into files that TensorFlow.js joins", async () => {
  const tf = await loadTfjs();
  const checkpoint = await makeCheckpoint({ hiddenSize: 300, steps: 0 });
  const files = exportTfjs(checkpoint);
  assertEquals([...files.keys()], [
    "model.json",
    "group1-shard1of2.bin",
    "group1-shard2of2.bin",
  ]);
  const model = await loadFiles(tf, files);
  for (const [i, weight] of model.getWeights().entries()) {
    assertEquals(await weight.data(), checkpoint.parameters[i]!.values);
  }
  model.dispose();
});

Deno.test("a model with attention is not exported to TensorFlow.js, and the error names ONNX", async () => {
  const checkpoint = await makeCheckpoint({ decoder: "attention", steps: 0 });
  assertThrows(() => exportTfjs(checkpoint), RangeError, "ONNX can hold it");
});
