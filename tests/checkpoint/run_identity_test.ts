import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { canUseFiles } from "../permissions.ts";
import { markCheckpoint } from "../reliability/marked_checkpoint.ts";

function testInFolder(name: string, body: (folder: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canUseFiles,
    async fn(): Promise<void> {
      const folder = await Deno.makeTempDir({ prefix: "carry-" });
      try {
        await body(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

testInFolder("a run keeps its identity when it is opened again", async (folder) => {
  let runId = "";
  {
    using run = await openRun(folder);
    runId = run.runId;
    assertMatch(runId, /^[0-9a-f-]{36}$/);
    await saveToRun(run, markCheckpoint(1));
  }
  using again = await openRun(folder);
  assertEquals(again.runId, runId);
  await saveToRun(again, { ...markCheckpoint(2), runId: "of-another-run" });
  assertEquals((await readRun(folder)).checkpoint.runId, runId);
});

testInFolder("another run in the same directory has another identity", async (folder) => {
  {
    using run = await openRun(folder, { runId: "first" });
    await saveToRun(run, markCheckpoint(1));
  }
  {
    using run = await openRun(folder, { runId: "second" });
    await saveToRun(run, markCheckpoint(1));
  }
  assertEquals((await readRun(folder)).checkpoint.runId, "second");
});

testInFolder("a run has the identity of its newest checkpoint that can be read", async (folder) => {
  {
    using run = await openRun(folder, { runId: "mine" });
    await saveToRun(run, markCheckpoint(1));
    await saveToRun(run, markCheckpoint(2));
  }
  await Deno.writeTextFile(`${folder}/latest.safetensors`, "damaged");
  using run = await openRun(folder);
  assertEquals(run.runId, "mine");
});

testInFolder("a run without an identity gets one with its next save", async (folder) => {
  await Deno.writeFile(
    `${folder}/latest.safetensors`,
    await encodeCheckpoint(markCheckpoint(1)),
  );
  assertEquals((await readRun(folder)).checkpoint.runId, null);
  using run = await openRun(folder);
  await saveToRun(run, markCheckpoint(2));
  const { runId } = (await readRun(folder)).checkpoint;
  assertNotEquals(runId, null);
  assert(runId === run.runId);
});
