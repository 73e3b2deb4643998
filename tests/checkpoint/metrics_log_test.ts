import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DENO_FILE_SYSTEM } from "../../src/checkpoint/file_system.ts";
import { MAX_LINE_CHARACTERS } from "../../src/checkpoint/limits.ts";
import { writeMetricsLog } from "../../src/checkpoint/metrics_log.ts";
import type { EpochMetrics } from "../../src/training/metrics.ts";
import { canUseFiles } from "../permissions.ts";
import { createFaultyFileSystem } from "../reliability/faulty_file_system.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../reliability/simulated_disk.ts";

const PATH = "run/metrics.jsonl";

function epochs(count: number, elapsedMs = 1): EpochMetrics[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ epoch: i + 1, step: 7 * (i + 1), loss: 1 / (i + 1), validationLoss: 0.5 },
    ...{ characterAccuracy: 0.25, exactMatch: 0.125, elapsedMs: elapsedMs + i },
  }));
}

async function readText(disk: SimulatedDisk): Promise<string> {
  using file = await disk.openFile(PATH);
  return new TextDecoder().decode(await file.read(0, file.sizeBytes));
}

function textOf(history: readonly EpochMetrics[]): string {
  return history.map((metrics) => JSON.stringify(metrics) + "\n").join("");
}

Deno.test("the line of a new epoch is appended, and nothing else is written", async () => {
  const disk = createSimulatedDisk();
  const fileSystem = createFaultyFileSystem(disk);
  for (const count of [0, 1, 2, 3, 3, 2000, 2001]) {
    await writeMetricsLog(PATH, epochs(count), fileSystem);
    assertEquals(await readText(disk), textOf(epochs(count)));
  }
  const before = fileSystem.calls.length;
  await writeMetricsLog(PATH, epochs(2002), fileSystem);
  assertEquals(fileSystem.calls.slice(before), ["openEnd", "write", "sync"]);
  assertEquals(await readText(disk), textOf(epochs(2002)));
});

Deno.test("the file has the history, whatever its old content was", async () => {
  const content = fc.oneof(
    fc.string(),
    fc.record({ count: fc.nat(6), elapsedMs: fc.nat(1), cut: fc.nat(40) }).map((of) =>
      textOf(epochs(of.count, of.elapsedMs)).slice(0, -of.cut || undefined)
    ),
  );
  await fc.assert(
    fc.asyncProperty(content, fc.nat(6), async (before, count) => {
      const disk = createSimulatedDisk(new Map([[PATH, new TextEncoder().encode(before)]]));
      await writeMetricsLog(PATH, epochs(count), disk);
      assertEquals(await readText(disk), textOf(epochs(count)));
    }),
    { numRuns: 300 },
  );
});

Deno.test("a line is shorter than the longest that is read, for all figures", () => {
  const wide = -1.2345678901234567e-300;
  const longest = Object.fromEntries(
    Object.keys(epochs(1)[0]!).map((name) => [name, wide]),
  );
  assert(JSON.stringify(longest).length < MAX_LINE_CHARACTERS);
});

Deno.test({
  name: "a file with a second name is replaced, so that the file of that name does not change",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    const folder = await Deno.makeTempDir({ prefix: "carry-" });
    try {
      const path = `${folder}/metrics.jsonl`;
      for (const link of [Deno.link, Deno.symlink]) {
        await Deno.writeTextFile(`${folder}/mine`, textOf(epochs(2)));
        await link(`${folder}/mine`, path);
        await writeMetricsLog(path, epochs(3), DENO_FILE_SYSTEM);
        assertEquals(await Deno.readTextFile(path), textOf(epochs(3)));
        assertEquals(await Deno.readTextFile(`${folder}/mine`), textOf(epochs(2)));
        await Deno.remove(path);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
