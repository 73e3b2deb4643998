import { assert, assertEquals, assertThrows } from "@std/assert";
import { characterLayout } from "../../src/codec/layout.ts";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { exportKeras } from "../../src/interop/keras/export_keras.ts";
import { importKeras } from "../../src/interop/keras/import_keras.ts";
import { exportOnnx } from "../../src/interop/onnx/export_onnx.ts";
import { describePortable, parsePortable } from "../../src/interop/portable.ts";
import { exportSafetensors } from "../../src/interop/safetensors/export_safetensors.ts";
import { exportTfjs } from "../../src/interop/tfjs/export_tfjs.ts";
import { resolvePairs } from "../../src/problem/pairs/resolve_pairs.ts";
import type { PairFile, PairsSettings } from "../../src/problem/pairs/settings.ts";
import { makeCheckpoint } from "./exported_models.ts";

const FILE: PairFile = {
  ...{ path: "/home/NAME/secret pairs.tsv", format: "tsv", sha256: "5e".repeat(32) },
  ...{ sizeBytes: 987_654, pairs: 4321 },
};
/** Pairs of which a part is held back. */
const HELD: PairsSettings = resolvePairs({
  ...{ data: FILE, test: FILE, questionColumn: "word", answers: "text", featureOrder: "file" },
  ...{ normalize: "NFC", seed: 7, heldBack: { places: 2 ** 28, except: [5], pairs: 432 } },
});
/** Pairs with a file of their own for validation. */
const OWN: PairsSettings = resolvePairs({ ...HELD, validation: FILE, split: null, heldBack: null });
const NO_FILES = { data: null, validation: null, test: null } as const;

/** Gives a checkpoint that has learned from files of pairs. */
async function makeOfPairs(problem: PairsSettings): Promise<Checkpoint> {
  return { ...await makeCheckpoint({ steps: 0 }), problem };
}

Deno.test("what a file carries of its model can be read again", async () => {
  for (const shape of [{}, { cell: "gru", layers: 2 }, { decoder: "attention" }] as const) {
    const checkpoint = await makeCheckpoint({ ...shape, steps: 0 });
    const { problem, model } = parsePortable(describePortable(checkpoint));
    assertEquals(problem, checkpoint.problem);
    assertEquals(model, checkpoint.model);
  }
});

Deno.test("what is no description of a model is refused", () => {
  for (const text of ["", "[]", "{}", '{"format":"carry-model-2","problem":{},"model":{}}']) {
    assertThrows(() => parsePortable(text), SyntaxError, "Cannot read what the file says");
  }
});

Deno.test("no export says which files of pairs its model has learned from", async () => {
  for (const problem of [HELD, OWN]) {
    const checkpoint = await makeOfPairs(problem);
    const files = [
      await exportKeras(checkpoint, { optimizer: true }),
      exportOnnx(checkpoint),
      exportSafetensors(checkpoint),
      ...exportTfjs(checkpoint).values(),
    ];
    for (const bytes of files) {
      const text = new TextDecoder("latin1").decode(bytes);
      for (const part of ["NAME", "secret", FILE.sha256, "987654", "4321"]) {
        assert(!text.includes(part), `an export has ${part}`);
      }
    }
  }
});

Deno.test("how pairs are read, and which are held back, leaves and comes in", async () => {
  const held = await importKeras(await exportKeras(await makeOfPairs(HELD)));
  assertEquals(held.problem, { ...HELD, ...NO_FILES });
  const own = await importKeras(await exportKeras(await makeOfPairs(OWN)));
  assertEquals(own.problem, { ...OWN, ...NO_FILES, split: 0.1 }); // a part is held back if there is no file for validation
});

Deno.test("a path that a file carries does not come in", () => {
  const { source, target } = characterLayout("ab", { inputLength: 2, outputLength: 2 });
  const model = { cell: "lstm", hiddenSize: 4, layers: 1, source, target };
  for (const data of ["/etc/passwd", FILE]) {
    const text = JSON.stringify({
      ...{ format: "carry-model-1", model },
      problem: { ...HELD, data, test: data },
    });
    assertEquals(parsePortable(text).problem, { ...HELD, ...NO_FILES });
  }
});
