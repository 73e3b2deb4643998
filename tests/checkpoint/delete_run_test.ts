import { assert, assertEquals, assertRejects } from "@std/assert";
import { newTemporaryPath } from "../../src/checkpoint/files.ts";
import { deleteRun, holdsRun, openRun } from "../../src/checkpoint/run_directory.ts";
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

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

async function makeRun(path: string): Promise<void> {
  using run = await openRun(path);
  for (const step of [1, 2, 3, 4, 5]) await saveToRun(run, markCheckpoint(step), { best: true });
  await Deno.writeTextFile(`${path}/events.jsonl`, "");
  await Deno.writeTextFile(newTemporaryPath(`${path}/latest.safetensors`), "half");
}

testInFolder("deleteRun() removes a run and its directory", async (folder) => {
  await makeRun(`${folder}/run`);
  assertEquals(await deleteRun(`${folder}/run`), []);
  assertEquals(namesIn(folder), []);
});

testInFolder("deleteRun() removes only the files of the run", async (folder) => {
  const run = `${folder}/run`;
  await makeRun(run);
  const mine = ["latest.safetensors.tmp", "model.svg", "notes.txt"];
  for (const name of mine) await Deno.writeTextFile(`${run}/${name}`, "mine");
  await Deno.mkdir(`${run}/logs`);
  await Deno.writeTextFile(`${folder}/precious`, "mine");
  await Deno.remove(`${run}/best.safetensors`);
  await Deno.symlink("../precious", `${run}/best.safetensors`);
  assertEquals(await deleteRun(run), ["latest.safetensors.tmp", "logs", "model.svg", "notes.txt"]);
  assertEquals(namesIn(run), ["latest.safetensors.tmp", "logs", "model.svg", "notes.txt"]);
  assertEquals(await Deno.readTextFile(`${folder}/precious`), "mine");
});

testInFolder(
  "deleteRun() refuses a run that is in use, and one whose lock belongs to another program",
  async (folder) => {
    await makeRun(folder);
    const before = namesIn(folder);
    {
      using _run = await openRun(folder);
      await assertRejects(
        () => deleteRun(folder),
        Error,
        `Cannot delete the run "${folder}": it is in use by the process ${Deno.pid}`,
      );
    }
    await Deno.writeTextFile(`${folder}/lock`, "mine");
    await assertRejects(() => deleteRun(folder), Error, "must be the lock of a run");
    assertEquals(namesIn(folder), before.filter((name) => !name.endsWith(".tmp")));
  },
);

testInFolder(
  "a deletion that is cut short leaves the latest checkpoint or nothing",
  async (folder) => {
    const { remove } = Deno;
    let complete = 0;
    for (let cut = 0; complete === 0; cut++) {
      const run = `${folder}/run-${cut}`;
      await makeRun(run);
      let removed = 0;
      Deno.remove = (path, options) =>
        removed++ === cut ? Promise.reject(new Error("cut short")) : remove(path, options);
      try {
        await deleteRun(run);
        complete = cut;
      } catch (error) {
        assertEquals((error as Error).message, `Cannot delete the run "${run}": cut short`);
        if (await holdsRun(run)) assertEquals((await readRun(run)).checkpoint.progress.step, 5);
        else assert(namesIn(run).every((name) => name === "lock"), String(namesIn(run)));
      } finally {
        Deno.remove = remove;
      }
      if (complete === 0) await deleteRun(run);
    }
    assert(complete > 8, `only ${complete} calls were cut short`);
    assertEquals(namesIn(folder), []);
  },
);
