import { assertEquals } from "@std/assert";
import { canRun } from "../../permissions.ts";

const ROOT = new URL("../../../", import.meta.url);

/** Trains briefly on threads and ends, as a script would: it releases nothing and awaits nothing. */
const SCRIPT = `
import { createCpuDevice } from "${new URL("src/device/cpu/cpu_device.ts", ROOT)}";
import { ADAM, drawRows, makeExamples, makeTrial, NOTEBOOK, takeSteps } from "${new URL(
  "tests/device/trial.ts",
  ROOT,
)}";
const { network, values } = makeTrial(NOTEBOOK);
const executor = await createCpuDevice({ threads: 3 }).load(network, values);
const examples = executor.hold(makeExamples(network, 128));
const optimizer = executor.createOptimizer(ADAM);
await takeSteps(executor, { examples, optimizer, order: drawRows(128, 4 * 128), batchSize: 128 });
console.log(executor.engine.runningThreads);
`;

Deno.test({
  name:
    "a process that computes on threads needs no permission, and its threads do not delay its end",
  ignore: !canRun,
  async fn(): Promise<void> {
    const config = new URL("deno.json", ROOT).pathname;
    const args = ["run", "--no-prompt", "--no-check", "--config", config, "-"];
    const command = new Deno.Command(Deno.execPath(), {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(20_000),
    });
    const process = command.spawn();
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(SCRIPT));
    await writer.close();
    const { code, stdout, stderr } = await process.output();
    assertEquals(new TextDecoder().decode(stderr), "");
    assertEquals([code, new TextDecoder().decode(stdout)], [0, "3\n"]);
  },
});
