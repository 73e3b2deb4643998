import { assertEquals, assertMatch } from "@std/assert";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { canRun } from "../permissions.ts";
import {
  inFolder,
  kill,
  runCarry,
  runProgram,
  TINY_ARGUMENTS,
} from "../reliability/carry_process.ts";
import { hasPseudoTerminals, runInTerminal } from "./driven_terminal.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const DEAF = new URL("./deaf_program.ts", import.meta.url).pathname;
const DENO = [Deno.execPath(), "run", "-A", "--no-check", "--cached-only", "--config", CONFIG];
const canOpenTerminal = canRun && await hasPseudoTerminals();
/** Milliseconds after which a process counts as endless. */
const PATIENCE_MS = 20_000;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `a second ${signal} ends a process whose event loop has no turn`,
    ignore: !canRun || Deno.build.os === "windows",
    async fn(): Promise<void> {
      using timers = new DisposableStack();
      const { code, lines } = await runProgram(DEAF, [], {
        onLine(_, child): void {
          const again = setInterval(() => kill(child, signal), 50); // two at once may count as one
          const last = setTimeout(() => kill(child), PATIENCE_MS);
          timers.defer(() => clearInterval(again));
          timers.defer(() => clearTimeout(last));
        },
      });
      assertEquals([code, lines], [signal === "SIGINT" ? 130 : 143, ["computing"]]);
    },
  });
}

Deno.test({
  name: "SIGHUP saves as SIGTERM does, even if it comes several times",
  ignore: !canRun || Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const run = `${folder}/run`;
      const args = ["train", ...TINY_ARGUMENTS, "--epochs=5000", "--json", "--log-every=1"];
      const { code, lines } = await runCarry([...args, `--run=${run}`], {
        onLine: (line, child) => line.includes('"event":"step"') && kill(child, "SIGHUP"),
      });
      assertEquals(code, 129);
      assertEquals(JSON.parse(lines.at(-1)!).reason, "interrupted");
      const { step } = JSON.parse(lines.findLast((line) => line.includes('"event":"step"'))!);
      assertEquals((await readRun(run)).checkpoint.progress.step, step);
    }),
});

Deno.test({
  name: "SIGHUP does not end a training that nohup started",
  ignore: !canRun || Deno.build.os !== "linux",
  fn: () =>
    inFolder(async (folder) => {
      const args = [...TINY_ARGUMENTS, "--epochs=40", "--log-every=1", "--run=run"];
      const child = new Deno.Command("nohup", {
        args: [...DENO, CLI, "train", ...args],
        cwd: folder,
        stdin: "null",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      let output = "";
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        output += text;
        if (text.includes("step")) kill(child, "SIGHUP");
      }
      assertEquals((await child.status).code, 0);
      assertMatch(output, /All epochs done/);
    }),
});

function testInTerminal(name: string, body: (folder: string) => Promise<void>): void {
  Deno.test({ name, ignore: !canOpenTerminal, fn: () => inFolder(body) });
}

testInTerminal("a terminal that is closed ends a training in order", async (folder) => {
  const { code } = await runInTerminal(
    [...DENO, CLI, "train", ...TINY_ARGUMENTS, "--epochs=5000", "--run=run"],
    { cwd: folder, steps: [{ when: "Epoch 2/", close: true }] },
  );
  assertEquals(code, 129);
  const log = (await Deno.readTextFile(`${folder}/run/events.jsonl`)).trimEnd().split("\n");
  const end = JSON.parse(log.at(-1)!);
  assertEquals([end.event, end.reason], ["end", "interrupted"]);
  const { step } = JSON.parse(log.findLast((line) => line.includes('"event":"step"'))!);
  assertEquals((await readRun(`${folder}/run`)).checkpoint.progress.step, step);
});

testInTerminal(
  "a disowned training continues when its terminal is closed",
  async (folder) => {
    const { code } = await runInTerminal(
      [...DENO, CLI, "train", ...TINY_ARGUMENTS, "--epochs=60", "--run=run"],
      { cwd: folder, disowned: true, steps: [{ when: "Epoch 2/", close: true }] },
    );
    assertEquals(code, 0);
    const { history } = (await readRun(`${folder}/run`)).checkpoint.progress;
    assertEquals(history.length, 60);
  },
);

for (
  const [what, args] of [
    ["Generating questions", ["--digits=4", "--examples=3000000"]],
    ["Drawing weights", ["--hidden-size=2048"]],
  ] as const
) {
  testInTerminal(`Ctrl-C is heard at "${what}", and no run is made`, async (folder) => {
    const { code, output } = await runInTerminal(
      [...DENO, CLI, "train", "--backend=cpu", ...args],
      { cwd: folder, steps: [{ when: what, type: "\x03" }] },
    );
    assertEquals(code, 130, output);
    assertMatch(output, /Interrupted before the training: nothing was written\r\n$/);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  });
}
