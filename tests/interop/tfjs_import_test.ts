import { assert, assertEquals, assertThrows } from "@std/assert";
import type * as Tfjs from "@tensorflow/tfjs";
import { encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { characterLayout } from "../../src/codec/layout.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import type { ImportOptions } from "../../src/interop/foreign_model.ts";
import { exportTfjs } from "../../src/interop/tfjs/export_tfjs.ts";
import { importTfjs, listTfjsFiles } from "../../src/interop/tfjs/import_tfjs.ts";
import { createModel } from "../../src/model/create_model.ts";
import { type Cell, CELLS } from "../../src/network/config.ts";
import { assertClose } from "../assert_close.ts";
import { canUseFiles } from "../permissions.ts";
import { drawQuestions } from "./keras_files.ts";
import { makeCheckpoint } from "./exported_models.ts";
import { askCarry, askTfjs, type Files, loadFiles, loadTfjs, saveFiles } from "./tfjs_models.ts";

/** Largest difference of a probability. */
const TOLERANCE = { absolute: 1e-5, relative: 0 };

const GIVEN: ImportOptions = {
  layout: characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true }),
  problem: { name: "addition", digits: 2, seed: 0 },
};

/** What of a model's making differs, without a difference of the model. */
type Style = "sequential" | "functional" | "dense with softmax";

/** Makes a model in TensorFlow.js itself. */
function makeModel(tf: typeof Tfjs, cell: Cell, layers: number, style: Style): Tfjs.LayersModel {
  const recurrent = (returnSequences: boolean): Tfjs.layers.Layer => {
    const options = { units: 8, returnSequences, recurrentActivation: "sigmoid" as const };
    if (cell === "lstm") return tf.layers.lstm(options);
    return cell === "gru" ? tf.layers.gru(options) : tf.layers.simpleRNN(options);
  };
  const chain = [
    recurrent(false),
    tf.layers.repeatVector({ n: 3 }),
    ...Array.from({ length: layers }, () => recurrent(true)),
    ...(style === "dense with softmax" ? [tf.layers.dense({ units: 12, activation: "softmax" })] : [
      tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 12 }) }),
      tf.layers.activation({ activation: "softmax" }),
    ]),
  ];
  if (style === "functional") {
    const inputs = tf.input({ shape: [5, 12] });
    const outputs = chain.reduce<Tfjs.SymbolicTensor>(
      (input, layer) => layer.apply(input) as Tfjs.SymbolicTensor,
      inputs,
    );
    return tf.model({ inputs, outputs });
  }
  const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [5, 12] })] });
  for (const layer of chain) model.add(layer);
  return model;
}

/** Imports a model's files, and compares the answers. */
async function assertSame(tf: typeof Tfjs, model: Tfjs.LayersModel, files: Files): Promise<void> {
  const checkpoint = importTfjs(files, GIVEN);
  const expected = await askTfjs(tf, model, checkpoint.model);
  assertClose(await askCarry(checkpoint), expected, "probabilities", TOLERANCE);
  await encodeCheckpoint(checkpoint); // it can be saved
}

for (const cell of CELLS) {
  for (const style of ["sequential", "functional", "dense with softmax"] as const) {
    Deno.test(`a ${cell} that TensorFlow.js has made and saved comes in and answers alike: ${style}`, async () => {
      const tf = await loadTfjs();
      for (const layers of [1, 2, 3]) {
        const model = makeModel(tf, cell, layers, style);
        await assertSame(tf, model, await saveFiles(tf, model));
        model.dispose();
      }
    });
  }
}

Deno.test("a model that left comes back with its parameters, layout and problem", async () => {
  for (const cell of CELLS) {
    for (const layers of [1, 3]) {
      const checkpoint = await makeCheckpoint({ cell, layers });
      const files = exportTfjs(checkpoint);
      const back = importTfjs(files);
      assertEquals(back.parameters, checkpoint.parameters);
      assertEquals(back.model, checkpoint.model);
      assertEquals(back.problem, checkpoint.problem);
    }
  }
});

Deno.test("a model that left, was trained in TensorFlow.js and saved there comes back trained", async () => {
  const tf = await loadTfjs();
  const checkpoint = await makeCheckpoint({ cell: "gru", layers: 2 });
  const model = await loadFiles(tf, exportTfjs(checkpoint));
  model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy" });
  const [x, y] = [tf.ones([4, 5, 12]), tf.oneHot(tf.zeros([4, 3], "int32"), 12)];
  await model.fit(x, y, { epochs: 2, verbose: 0 });
  const back = importTfjs(await saveFiles(tf, model));
  assertEquals(back.model, checkpoint.model);
  assert(
    back.parameters[0]!.values.some((value, i) => value !== checkpoint.parameters[0]!.values[i]),
  );
  const expected = await askTfjs(tf, model, back.model);
  assertClose(await askCarry(back), expected, "probabilities", TOLERANCE);
  tf.dispose([x, y]);
  model.dispose();
});

for (const name of ["lstm", "gru", "simple"]) {
  Deno.test({
    name:
      `a model of Keras 2 that tensorflowjs's converter has written comes in and answers alike: ${name}`,
    ignore: !canUseFiles,
    async fn(): Promise<void> {
      const [json, bin, bytes] = await Promise.all(
        ["json", "bin", "probabilities"].map(async (kind) =>
          await Deno.readFile(new URL(`../vectors/tfjs/${name}.${kind}`, import.meta.url))
        ),
      );
      const files = new Map([["model.json", json!], ["group1-shard1of1.bin", bin!]]);
      const checkpoint = importTfjs(files, GIVEN);
      assertEquals(checkpoint.trainedOn, "keras v2.15.0, TensorFlow.js Converter v4.22.0");
      const { model: config, parameters } = checkpoint;
      const device = await chooseDevice("cpu", { threads: 1 });
      using model = await createModel(config, { device, parameters });
      const { executor } = model;
      const { probabilities } = await executor.answer(drawQuestions(20), { probabilities: true });
      const expected = new Float32Array(bytes!.buffer);
      assertClose(probabilities!, expected, "probabilities", TOLERANCE);
    },
  });
}

Deno.test("the files that a model needs are listed", async () => {
  const files = exportTfjs(await makeCheckpoint({ hiddenSize: 300, steps: 0 }));
  const [first, ...others] = files.keys();
  assertEquals(listTfjsFiles(files.get(first!)!), others);
  assertEquals(importTfjs(files).model.hiddenSize, 300);
});

Deno.test("listTfjsFiles() refuses a file that is named twice, and more files than a model has", () => {
  const list = (...groups: (readonly string[])[]): readonly string[] =>
    listTfjsFiles(new TextEncoder().encode(JSON.stringify({
      ...{ format: "layers-model", modelTopology: {} },
      weightsManifest: groups.map((paths) => ({ paths, weights: [] })),
    })));
  assertEquals(list(["a", "b"], ["c"]), ["a", "b", "c"]);
  for (const groups of [[["a", "a"]], [["a"], ["b", "a"]], [["a"], ["./a"]]]) {
    assertThrows(() => list(...groups), SyntaxError, 'the file "a" must be named once');
  }
  const names = Array.from({ length: 1024 }, (_, i) => `${i}`);
  assertEquals(list(names), names);
  assertThrows(
    () => list(names, ["a"]),
    SyntaxError,
    "must name at most 1024 files, but names 1025",
  );
});

Deno.test("a model without a layout is refused, and the error names the problem of its sizes", async () => {
  const tf = await loadTfjs();
  const model = makeModel(tf, "simple", 1, "sequential");
  const files = await saveFiles(tf, model);
  assertThrows(
    () => importTfjs(files),
    RangeError,
    "its sizes are those of additions of up to 2 digits",
  );
  const layout = characterLayout("abc", { inputLength: 5, outputLength: 3 });
  assertThrows(() => importTfjs(files, { ...GIVEN, layout }), RangeError, "symbols of sources");
  model.dispose();
});

Deno.test("what TensorFlow.js does by default and our models do not is refused by its name", async () => {
  const tf = await loadTfjs();
  const model = tf.sequential();
  model.add(tf.layers.lstm({ units: 4, inputShape: [5, 12] }));
  const files = await saveFiles(tf, model);
  assertThrows(
    () => importTfjs(files, GIVEN),
    SyntaxError,
    'must have the option recurrent_activation sigmoid, but has "hard_sigmoid"',
  );
  model.dispose();
});
