import { assert, assertEquals, assertMatch } from "@std/assert";
import manifest from "../../deno.json" with { type: "json" };
import { canRun } from "../permissions.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
/** Scripts that tasks run, and scripts that those scripts run. */
const SCRIPTS = [
  ...Object.values(manifest.tasks).flatMap((task) =>
    /^deno run -A (bench\/\S+)$/.exec(task)?.[1] ?? []
  ),
  "bench/step.ts",
  "bench/epoch.ts",
  "bench/training_loop.ts",
  "bench/answering.ts",
  "bench/peers/tfjs_layers.ts",
  "bench/generation.ts",
  "bench/kernel_share.ts",
];

async function runScript(script: string, ...args: string[]): Promise<[number, string, string]> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--cached-only", "-A", script, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  return [code, new TextDecoder().decode(stdout), new TextDecoder().decode(stderr)];
}

Deno.test({
  name: "every bench has --help, and refuses unknown arguments before it measures",
  ignore: !canRun,
  async fn(): Promise<void> {
    assert(SCRIPTS.length >= 12, SCRIPTS.join());
    for (const script of SCRIPTS) {
      const [helped, help, nothing] = await runScript(script, "--help");
      assertEquals([helped, nothing], [0, ""], script);
      assertMatch(help, /^Usage: deno (task|run) /m);
      for (
        const [arg, message] of [["--no-such", /^Unknown option/], ["x", /takes options only$/]]
      ) {
        const [code, printed, error] = await runScript(script, arg as string);
        assertEquals([code, printed], [2, ""], script);
        assertMatch(error.trimEnd(), message as RegExp);
      }
    }
  },
});

Deno.test({
  name: "a bench refuses values that it cannot use, with exit code 2",
  ignore: !canRun,
  async fn(): Promise<void> {
    const wrong: [string[], RegExp][] = [
      [["bench/compare.ts", "--rounds=0"], /--rounds: it must be a positive integer, but is 0/],
      [["bench/compare.ts", "--only=keras"], /names out of .*keras-jax.*found "keras"/],
      [["bench/gpu.ts", "--batch-sizes=128,x"], /positive integers such as 1,2,4, .* "128,x"/],
      [["bench/growth.ts", "--seconds=-1"], /--seconds: it must be a positive number, but is -1/],
      [["bench/reliability.ts", "--only=everything"], /found "everything"/],
      [["bench/reliability.ts", "--minutes=0"], /--minutes: it must be a positive number/],
      [["bench/all_sums.ts", "--seeds=0"], /--seeds: it must be a positive integer, but is 0/],
      [["bench/all_sums.ts", "--epochs=0"], /epochs must be an integer from 1 to \d+, but is 0/],
      [["bench/all_sums.ts", "--examples=9"], /at least 10 are needed/],
      [["bench/dashboard.ts", "--steps=many"], /--steps: it must be a number, but is "many"/],
    ];
    for (const [[script, ...args], message] of wrong) {
      const [code, printed, error] = await runScript(script!, ...args);
      assertEquals([code, printed], [2, ""], script);
      assertMatch(error, message);
    }
  },
});
