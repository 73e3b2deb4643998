import { assert, assertEquals } from "@std/assert";
import { canRun } from "../permissions.ts";
import { runProgram } from "./carry_process.ts";
import type { Outcome } from "./check.ts";
import { CHECKS } from "./checks.ts";

const PROGRAM = new URL("./checks.ts", import.meta.url).pathname;

async function runApart(name: string, trials: number): Promise<Outcome> {
  const { lines, stderr } = await runProgram(PROGRAM, [name, String(trials)]);
  assertEquals(lines.length, 1, stderr);
  return JSON.parse(lines[0]!);
}

for (const { name, title, run, trials, ownProcess = false, isAvailable } of CHECKS) {
  if (trials.test === 0) continue; // it measures times, on which no test depends
  const available = canRun && (await isAvailable?.() ?? true);
  Deno.test({
    name: `${name}: ${title}`,
    ignore: !available,
    async fn(): Promise<void> {
      const outcome = ownProcess ? await runApart(name, trials.test) : await run(trials.test);
      assertEquals(outcome.failures, []);
      assert(outcome.trials >= trials.test, `only ${outcome.trials} trials`);
    },
  });
}
