import { assertEquals, assertRejects } from "@std/assert";
import { createLogTail, type LogState, type LogTail } from "../../src/dashboard/log_tail.ts";
import { createRunHistory, type RunHistory } from "../../src/dashboard/run_news.ts";
import { canRun, canUseFiles } from "../permissions.ts";
import { createTestClock, TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";

/** A log in a folder, its reader, and what the reader has told. */
interface World {
  readonly path: string;
  readonly tail: LogTail;
  readonly news: RunHistory;
  /** The steps and starts that are known now, and how often all was told anew. */
  known(): { steps: readonly number[]; runId: string | null | undefined; generation: number };
  read(runId?: string | null): Promise<LogState>;
}

function testTail(
  name: string,
  body: (world: World) => Promise<void>,
  ignore = !canUseFiles,
): void {
  Deno.test({
    name,
    ignore,
    async fn(): Promise<void> {
      const folder = await Deno.makeTempDir({ prefix: "carry-log-" });
      try {
        const news = createRunHistory(folder, createTestClock());
        const tail = createLogTail(folder, news);
        await body({
          path: `${folder}/events.jsonl`,
          tail,
          news,
          known(): ReturnType<World["known"]> {
            const { update, cursor } = news.since(undefined)!;
            const { steps, start } = update;
            return {
              steps: steps?.step ?? [],
              runId: start?.runId,
              generation: cursor.generation,
            };
          },
          read: (runId = null) => tail.read(runId),
        });
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

function start(runId: string, step = 0): string {
  return JSON.stringify({
    event: "start",
    run: "run",
    runId,
    backend: { name: "cpu", reason: "a test" },
    problem: TINY_PROBLEM,
    model: TINY_MODEL,
    training: resolveTraining({}),
    parameters: 1,
    trainingExamples: 50,
    validationExamples: 5,
    step,
  }) + "\n";
}

function steps(first: number, last: number, loss = 1): string {
  return Array.from({ length: last - first + 1 }, (_, i) =>
    JSON.stringify({
      ...{ event: "step", epoch: 1, step: first + i, steps: 5000 },
      ...{ loss, characterAccuracy: 0, learningRate: 1 },
    }) + "\n").join("");
}

function count(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

testTail("a log that grows is read once, whatever file it is in", async ({ path, read, known }) => {
  assertEquals(await read(), "none");
  await Deno.writeTextFile(path, "");
  assertEquals(await read(), "none");
  await Deno.writeTextFile(path, start("one") + steps(1, 30));
  assertEquals([await read(), await read()], ["read", "same"]);
  const { generation } = known();
  await Deno.writeTextFile(path, steps(31, 31).slice(0, 20), { append: true });
  await read();
  await Deno.writeTextFile(path, steps(31, 31).slice(20), { append: true });
  assertEquals([await read(), known()], ["read", {
    steps: count(1, 31),
    runId: "one",
    generation,
  }]);
  await Deno.copyFile(path, `${path}-2`);
  await Deno.rename(`${path}-2`, path); // as after a resume that cut nothing: another inode
  await Deno.writeTextFile(path, steps(32, 40), { append: true });
  assertEquals([await read(), known()], ["read", {
    steps: count(1, 40),
    runId: "one",
    generation,
  }]);
});

testTail("another run's log of the same inode, size and times is noticed", async (world) => {
  const { path, read, known } = world;
  await Deno.writeTextFile(path, start("one") + steps(1, 30));
  await read();
  const before = await Deno.stat(path);
  await Deno.writeTextFile(path, start("two") + steps(1, 30, 2));
  await Deno.utime(path, before.atime!, before.mtime!);
  const after = await Deno.stat(path);
  assertEquals([after.size, after.ino], [before.size, before.ino]);
  assertEquals([await read(), known().runId, known().steps], ["read", "two", count(1, 30)]);
});

testTail("a log that was replaced by a shorter or a longer one is read anew", async (world) => {
  const { path, read, known } = world;
  for (const [runId, last] of [["one", 2000], ["two", 3], ["three", 900], ["three", 5]] as const) {
    await Deno.remove(path).catch(() => {}); // there is none at first
    await Deno.writeTextFile(path, start(runId) + steps(1, last));
    const generation = known().generation;
    assertEquals([await read(), known().runId, known().steps], ["read", runId, count(1, last)]);
    assertEquals(known().generation, generation + 1);
  }
});

testTail("a log that was cut on resume is read anew, however long it is by then", async (world) => {
  const { path, read, known } = world;
  await Deno.writeTextFile(path, start("one") + steps(1, 1000));
  await read();
  const cut = start("one") + steps(1, 600) + start("one", 600) + steps(601, 1500);
  await Deno.writeTextFile(path, cut);
  assertEquals([await read(), known().steps], ["read", count(1, 1500)]);
});

testTail("the log of another run than the directory holds is not read", async (world) => {
  const { path, read, known } = world;
  await Deno.writeTextFile(path, start("one") + steps(1, 3));
  assertEquals([await read("two"), known().steps], ["foreign", []]);
  assertEquals([await read("one"), known().steps], ["read", count(1, 3)]);
  assertEquals(await read("two"), "foreign");
  await Deno.writeTextFile(path, start("two") + steps(1, 2));
  assertEquals([await read("two"), known().steps], ["read", count(1, 2)]);
});

testTail("damage is said once, and a log that was mended is read", async (world) => {
  const { path, read, known } = world;
  await Deno.writeTextFile(path, start("one") + steps(1, 3) + "{}\n" + steps(5, 6));
  await assertRejects(() => read(), SyntaxError, "line 5: event must be one of");
  assertEquals([await read(), await read()], ["damaged", "damaged"]);
  await Deno.writeTextFile(path, start("one") + steps(1, 3) + start("one", 3) + steps(4, 9));
  assertEquals([await read(), known().steps], ["read", count(1, 9)]);
  for (const bytes of [Uint8Array.of(0xff, 0x0a), new Uint8Array(1 << 21).fill(0x20)]) {
    await Deno.writeFile(path, bytes);
    await assertRejects(() => read(), SyntaxError, `${path}, line 1: `);
    assertEquals(await read(), "damaged");
  }
});

testTail("a pipe is not waited for", async ({ path, read, known }) => {
  assertEquals((await new Deno.Command("mkfifo", { args: [path] }).output()).code, 0);
  await assertRejects(() => read(), SyntaxError, "it must be a regular file");
  assertEquals(await read(), "damaged");
  await Deno.remove(path);
  await Deno.writeTextFile(path, start("one") + steps(1, 2));
  assertEquals([await read(), known().steps], ["read", count(1, 2)]);
}, !canRun || Deno.build.os === "windows");
