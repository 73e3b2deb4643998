import { assert, assertEquals } from "@std/assert";
import { canRun } from "../permissions.ts";
import { CHECKS } from "./checks.ts";

for (const { name, title, run, trials } of CHECKS) {
  Deno.test({
    name: `${name}: ${title}`,
    ignore: !canRun,
    async fn(): Promise<void> {
      const outcome = await run(trials.test);
      assertEquals(outcome.failures, []);
      assert(outcome.trials >= trials.test, `only ${outcome.trials} trials`);
    },
  });
}
