import { assert, assertEquals } from "@std/assert";
import { createCpuDevice } from "../../src/device/cpu/cpu_device.ts";
import { canRun } from "../permissions.ts";
import { bundle, ENDS_LATER } from "./bundle.ts";
import { type ProgramResult, runProgram } from "./program.ts";

async function checkResult(found: ProgramResult): Promise<void> {
  const expected = await runProgram(createCpuDevice({ threads: 1 }));
  assertEquals([found.sha256, found.answers], [expected.sha256, expected.answers]);
  assertEquals(found.runningThreads, Math.min(2, navigator.hardwareConcurrency));
  assert(found.same);
}

Deno.test({
  name: "in a worker of Deno the program computes the same on threads, and the worker can be ended",
  ignore: !canRun,
  async fn(): Promise<void> {
    const worker = new Worker(new URL("deno_worker.ts", import.meta.url), { type: "module" });
    const { port1, port2 } = new MessageChannel();
    const answered = Promise.withResolvers<ProgramResult>();
    port1.onmessage = ({ data }) => answered.resolve(data);
    worker.onerror = ({ message }) => answered.reject(new Error(message));
    worker.postMessage("", [port2]);
    try {
      await checkResult(await answered.promise);
    } finally {
      port1.close();
      worker.terminate();
    }
  },
});

/** What `deno compile` packs: one file that reads no other at its start. */
const PROGRAM = `
import { chooseDevice } from "../../mod.ts";
import { runProgram } from "./program.ts";
console.log(JSON.stringify(await runProgram(await chooseDevice("cpu", { threads: 2 }))));`;

Deno.test({
  name: "as one file, in an empty folder and without permissions, the program computes the same",
  ignore: !canRun,
  ...ENDS_LATER,
  async fn(): Promise<void> {
    const folder = await Deno.makeTempDir({ prefix: "carry-" });
    try {
      await Deno.writeTextFile(`${folder}/program.js`, await bundle(PROGRAM));
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--no-config", "--no-prompt", "--cached-only", "program.js"],
        cwd: folder,
      }).output();
      const [printed, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assertEquals([code, errors], [0, ""]);
      await checkResult(JSON.parse(printed!));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
