import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { findLockHolder } from "../../src/checkpoint/lock.ts";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { markCheckpoint } from "../reliability/marked_checkpoint.ts";
import { canRun, canUseFiles } from "../permissions.ts";

function testInFolder(name: string, body: (folder: string) => Promise<void>, ignore = false): void {
  Deno.test({
    name,
    ignore: ignore || !canUseFiles,
    async fn(): Promise<void> {
      const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "carry-" }));
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

async function makePipe(path: string): Promise<void> {
  await new Deno.Command("mkfifo", { args: [path] }).output();
}

testInFolder("a file called lock of another program is not changed", async (folder) => {
  for (const text of ["mine\n", "", "1234\n", "carry\n", "x".repeat(100)]) {
    await Deno.writeTextFile(`${folder}/lock`, text);
    await assertRejects(
      () => openRun(folder),
      Error,
      `Cannot write to the run "${folder}": "${folder}/lock" must be the lock of a run, but has another content`,
    );
    assertEquals(await Deno.readTextFile(`${folder}/lock`), text);
    assertEquals(namesIn(folder), ["lock"]);
  }
});

testInFolder(
  "a lock without the word carry is taken in a run of an older version",
  async (folder) => {
    {
      using run = await openRun(folder);
      await saveToRun(run, markCheckpoint(1));
    }
    for (const text of ["1234\n", "", "4194304\n"]) {
      await Deno.writeTextFile(`${folder}/lock`, text);
      using _run = await openRun(folder);
      assertEquals(
        await Deno.readTextFile(`${folder}/lock`),
        `carry ${String(Deno.pid).padStart(10)}\n`,
      );
    }
  },
);

testInFolder("a link called lock is not followed, and stays", async (folder) => {
  await Deno.mkdir(`${folder}/run`);
  for (const target of ["precious", "none"]) {
    if (target === "precious") await Deno.writeTextFile(`${folder}/precious`, "carry 1\n");
    await Deno.symlink(`${folder}/${target}`, `${folder}/run/lock`);
    await assertRejects(() => openRun(`${folder}/run`), Error, "but is a link");
    assert((await Deno.lstat(`${folder}/run/lock`)).isSymlink);
    await Deno.remove(`${folder}/run/lock`);
  }
  assertEquals(await Deno.readTextFile(`${folder}/precious`), "carry 1\n");
  assertEquals(namesIn(folder), ["precious", "run"]);
});

testInFolder("a directory or a pipe called lock is refused, and stays", async (folder) => {
  await Deno.mkdir(`${folder}/a/lock`, { recursive: true });
  await assertRejects(() => openRun(`${folder}/a`), Error, "but is a directory");
  await Deno.mkdir(`${folder}/b`);
  await makePipe(`${folder}/b/lock`);
  await assertRejects(() => openRun(`${folder}/b`), Error, "but is a named pipe");
  assert((await Deno.lstat(`${folder}/b/lock`)).isFifo);
  assertEquals(await findLockHolder(`${folder}/b`), "nobody");
}, !canRun);

testInFolder("a pipe with the name of a run's file is refused, and stays", async (folder) => {
  for (const name of ["events.jsonl", "metrics.jsonl", "latest.safetensors"]) {
    const run = `${folder}/${name}.run`;
    await Deno.mkdir(run);
    await makePipe(`${run}/${name}`);
    await assertRejects(
      () => openRun(run),
      Error,
      `"${run}/${name}" must be a file, but is a named pipe`,
    );
    assertEquals(namesIn(run), [name], "and no lock is left");
  }
}, !canRun);

testInFolder("findLockHolder() says who writes to a run", async (folder) => {
  assertEquals(await findLockHolder(folder), "nobody");
  {
    using _run = await openRun(folder);
    assertEquals(await findLockHolder(folder), { pid: Deno.pid });
  }
  assertEquals(await findLockHolder(folder), "nobody");
});

testInFolder(
  "of several processes that open a run at once, one has it, and the others learn which",
  async (folder) => {
    const rounds = Array.from({ length: 40 }, async () => {
      try {
        using run = await openRun(folder);
        await run.check();
        return 1;
      } catch (error) {
        assertStringIncludes((error as Error).message, "it is in use by the process");
        return 0;
      }
    });
    const taken = (await Promise.all(rounds)).reduce<number>((sum, one) => sum + one, 0);
    assert(taken > 0);
    assertEquals(namesIn(folder), ["lock"]);
  },
);
