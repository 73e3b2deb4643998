import { assert, assertEquals } from "@std/assert";
import { createCpuDevice } from "../../src/device/cpu/cpu_device.ts";
import { bundle, ENDS_LATER } from "./bundle.ts";
import { findNode, runInNode } from "./node.ts";
import { type ProgramResult, runProgram } from "./program.ts";

/** Trains and asks, also with a file that Node reads into its Buffer, and with fit(). */
const ENTRY = `
import { readFile, writeFile } from "node:fs/promises";
import { fit, chooseDevice, loadModel, predict } from "../../mod.ts";
import { encodeCheckpoint, takeCheckpoint } from "../../checkpoint.ts";
import { runProgram } from "./program.ts";

const path = process.argv[2];
const { report } = await chooseDevice("auto");
const device = await chooseDevice("cpu", { threads: 2 });
const result = await runProgram(device);
const pairs = Array.from({ length: 60 }, (_, i) => ({ question: String(i), answer: String(2 * i) }));
using fitted = await fit(pairs, { hiddenSize: 8, epochs: 2, device });
await writeFile(path, await encodeCheckpoint(await takeCheckpoint(fitted.training, fitted.problem)));
const bytes = await readFile(path);
const before = bytes.toString("base64");
using loaded = await loadModel(bytes, { device });
const same = JSON.stringify([await predict(loaded, ["21"]), before])
  === JSON.stringify([await predict(fitted.model, ["21"]), bytes.toString("base64")]);
console.log(JSON.stringify({ ...result, report, same: result.same && same }));`;

for (const major of [20, 22]) {
  const node = await findNode(major);
  Deno.test({
    name: `in Node ${major} the program computes the same on threads, and ends by itself`,
    ignore: node === undefined,
    ...ENDS_LATER,
    async fn(): Promise<void> {
      const folder = await Deno.makeTempDir({ prefix: "carry-" });
      try {
        const path = `${folder}/program.mjs`;
        await Deno.writeTextFile(path, await bundle(ENTRY, { target: "node20" }));
        const found = await runInNode(node!, path, [
          `${folder}/model.safetensors`,
        ]) as ProgramResult;
        const { build, threads, reason } = found.report;
        const expected = await runProgram(createCpuDevice({ build: build! }));
        assertEquals(reason, "this platform has no WebGPU");
        assertEquals([found.sha256, found.answers], [expected.sha256, expected.answers]);
        assertEquals(threads, navigator.hardwareConcurrency);
        assertEquals(found.runningThreads, Math.min(2, threads));
        assert(found.same);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
