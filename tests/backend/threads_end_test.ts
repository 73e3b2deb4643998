import { assertEquals } from "@std/assert";

const canRun = (await Deno.permissions.query({ name: "run" })).state === "granted";

/** Trains briefly on threads and ends, as a script would: it releases nothing and awaits nothing. */
const SCRIPT = `
import { selectBackend } from "${new URL("../../src/backend/backend.ts", import.meta.url)}";
import { runningThreads, setThreads } from "${new URL(
  "../../src/backend/threads.ts",
  import.meta.url,
)}";
import { prepareStep } from "${new URL("../../bench/notebook_step.ts", import.meta.url)}";
await selectBackend("cpu");
setThreads(3);
const step = await prepareStep();
for (let i = 0; i < 3; i++) step();
console.log(runningThreads());
`;

Deno.test({
  name:
    "a process that computes on threads needs no permission, and its threads do not delay its end",
  ignore: !canRun,
  async fn(): Promise<void> {
    const config = new URL("../../deno.json", import.meta.url).pathname;
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
