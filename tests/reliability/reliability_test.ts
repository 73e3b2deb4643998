import { assert, assertEquals } from "@std/assert";
import { canRun } from "../permissions.ts";
import { CHECKS } from "./checks.ts";

for (const { name, title, run, trials, isAvailable } of CHECKS) {
  if (trials.test === 0) continue; // it measures, and no test depends on a time
  const available = canRun && (await isAvailable?.() ?? true);
  Deno.test({
    name: `${name}: ${title}`,
    ignore: !available,
    async fn(): Promise<void> {
      const outcome = await run(trials.test);
      assertEquals(outcome.failures, []);
      assert(outcome.trials >= trials.test, `only ${outcome.trials} trials`);
    },
  });
}
