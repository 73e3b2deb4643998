import { assertEquals, assertThrows } from "@std/assert";
import { DEFAULT_INTERVAL_MS, readCheckpointInterval } from "../../src/cli/checkpoint_interval.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

Deno.test("readCheckpointInterval() reads steps and times; the default is a time", () => {
  assertEquals(readCheckpointInterval("500"), { steps: 500 });
  assertEquals(readCheckpointInterval("0"), { steps: 0 });
  assertEquals(readCheckpointInterval("30s"), { ms: 30_000 });
  assertEquals(readCheckpointInterval("2m"), { ms: 120_000 });
  assertEquals(readCheckpointInterval("1h"), { ms: 3_600_000 });
  assertEquals(readCheckpointInterval("0.5s"), { ms: 500 });
  assertEquals(readCheckpointInterval(undefined), { ms: DEFAULT_INTERVAL_MS });
});

Deno.test("readCheckpointInterval() refuses and quotes other texts", () => {
  const wrong = ["-1", "0.5", "1e3", "0s", "0.0m", "s", "30 s", "30S", "2d", "1.s", ".5s", "1m30s"];
  for (const text of [...wrong, "NaN", "Infinity", "9007199254740993", "9".repeat(400) + "h"]) {
    assertThrows(() => readCheckpointInterval(text), UsageError, `but is "${text}"`);
  }
});
