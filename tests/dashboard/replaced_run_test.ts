import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { chooseDevice } from "../../src/device/choose.ts";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { startDashboard } from "../../src/dashboard/dashboard_server.ts";
import { followRun } from "../../src/dashboard/follow_run.ts";
import { createEventParser } from "../../src/dashboard/page/event_stream.ts";
import type { RunUpdate } from "../../src/dashboard/protocol.ts";
import { openRunWeights } from "../../src/dashboard/run_weights.ts";
import type { News, WatchedRun } from "../../src/dashboard/watched_run.ts";
import { readExample } from "../../src/dataset/dataset.ts";
import { openSplit } from "../../src/checkpoint/open_split.ts";
import { createModel } from "../../src/model/create_model.ts";
import { resolveAddition } from "../../src/problem/addition.ts";
import type { ProblemSettings } from "../../src/problem/problem.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { canRun, canUseFiles, canUseNetwork } from "../permissions.ts";
import { inFolder, runCarry, TINY_ARGUMENTS } from "../reliability/carry_process.ts";
import { TINY_MODEL, TINY_OPTIONS } from "../tiny_training.ts";

const device = await chooseDevice("cpu");

/** Saves a model that has learned nothing, as a program does that keeps no log. */
async function saveUntrained(path: string, runId: string, seed: number): Promise<void> {
  using model = await createModel(TINY_MODEL, { device, seed });
  using training = createTraining(model, TINY_OPTIONS);
  using run = await openRun(path, { runId });
  await saveToRun(run, await takeCheckpoint(training, resolveAddition({ digits: 1, seed })));
}

async function trainRun(path: string, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await runCarry(
    ["train", ...TINY_ARGUMENTS, `--run=${path}`, ...args],
    { permissions: ["-A"] },
  );
  assertEquals(code, 0, stderr);
}

/** Waits until the news of a run are as a test wants them; what is wrong ends in the test's time limit. */
async function waitFor(run: WatchedRun, isThere: (news: News) => boolean): Promise<News> {
  for (;;) {
    const news = run.news.since(undefined)!;
    if (isThere(news)) return news;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The questions that a training with this problem holds back. */
async function listHeldBack(problem: ProblemSettings): Promise<string[]> {
  const { validation } = await openSplit({
    ...{ problem, model: TINY_MODEL },
    training: { swap: false, weighted: false, fresh: false },
  });
  return Array.from(
    { length: validation.count },
    (_, i) => readExample(validation, i).question,
  );
}

function testFolder(
  name: string,
  body: (path: string) => Promise<void>,
  ignore = !canUseFiles,
): void {
  Deno.test({ name, ignore, fn: () => inFolder((folder) => body(`${folder}/run`)) });
}

testFolder("weights are loaded again when the content of their file is another", async (path) => {
  await saveUntrained(path, "one", 1);
  await saveUntrained(`${path}-2`, "two", 2);
  const file = `${path}/latest.safetensors`;
  const other = await Deno.readFile(`${path}-2/latest.safetensors`);
  await using weights = openRunWeights(path, { device });
  const before = await Deno.stat(file);
  const held = await weights.use(async ({ checkpoint, split }) => {
    assertEquals(checkpoint.runId, "one");
    return await split();
  });
  await Deno.writeFile(file, other); // in place: the same inode
  await Deno.utime(file, before.atime!, before.mtime!);
  const after = await Deno.stat(file);
  assertEquals([after.ino, after.size, after.mtime], [before.ino, before.size, before.mtime]);
  await weights.use(async ({ checkpoint, split, answers }) => {
    assertEquals(checkpoint.runId, "two");
    const { validation } = await split();
    assertNotEquals(validation.sources, held.validation.sources);
    assertEquals((await answers()).length, validation.targets.length);
  });
});

testFolder("weights are not loaded again when their file was only copied", async (path) => {
  await saveUntrained(path, "one", 1);
  await using weights = openRunWeights(path, { device });
  const first = await weights.use((loaded) => Promise.resolve(loaded));
  await Deno.copyFile(`${path}/latest.safetensors`, `${path}/copy`);
  await Deno.rename(`${path}/copy`, `${path}/latest.safetensors`);
  assert(await weights.use((loaded) => Promise.resolve(loaded === first)));
});

testFolder(
  "a followed run that is trained anew is shown anew, with the questions that are held back now",
  async (path) => {
    await trainRun(path, "--epochs=2", "--seed=1");
    await using run = await followRun(path, { device, pollMs: 5 });
    const before = run.news.since(undefined)!;
    const { problem } = before.update.start!;
    assertEquals((await run.answers()).questions, await listHeldBack(problem));
    await trainRun(path, "--epochs=3", "--seed=2", "--overwrite");
    const { checkpoint } = await readRun(path);
    assertNotEquals(checkpoint.runId, before.update.start!.runId);
    const { update } = await waitFor(run, ({ update }) =>
      update.status.state === "ended" &&
      update.start?.runId === checkpoint.runId);
    assertEquals(update.epochs!.map(({ epoch }) => epoch), [1, 2, 3]);
    assertEquals(run.news.since(before.cursor)!.update.reset, true);
    const { questions, step } = await run.answers();
    assertEquals(questions, await listHeldBack(checkpoint.problem));
    assertNotEquals(questions, await listHeldBack(problem));
    assertEquals([step, (await run.ask("3+4")).step], [21, 21]);
  },
  !canRun,
);

testFolder(
  "a followed run that was deleted and made anew is shown anew",
  async (path) => {
    await trainRun(path, "--epochs=2");
    await using run = await followRun(path, { device, pollMs: 5 });
    const { runId } = run.news.since(undefined)!.update.start!;
    await Deno.remove(path, { recursive: true });
    await trainRun(path, "--epochs=2");
    const { update } = await waitFor(
      run,
      ({ update: { start, status } }) =>
        start !== undefined && start.runId !== runId && status.state === "ended",
    );
    assertEquals([update.epochs!.length, (await run.ask("3+4")).step], [2, 14]);
  },
  !canRun,
);

testFolder(
  "a followed run is replaced by one that keeps no log, whose old log does not count, and by one that does",
  async (path) => {
    await trainRun(path, "--epochs=2", "--seed=1");
    let now = 0;
    await using run = await followRun(path, { device, pollMs: 5, now: () => now += 100 });
    await saveUntrained(path, "two", 2);
    const { update } = await waitFor(run, ({ update }) => update.start?.runId === "two");
    assertEquals([update.epochs, update.status.state], [undefined, "interrupted"]);
    assertEquals((await run.answers()).questions, await listHeldBack(update.start!.problem));
    await saveUntrained(path, "three", 3);
    await waitFor(run, ({ update }) => update.start?.runId === "three");
    await trainRun(path, "--epochs=1", "--overwrite");
    await waitFor(run, ({ update }) => update.status.state === "ended");
  },
  !canRun,
);

testFolder(
  "a page that is connected is told of another run in the directory",
  async (path) => {
    await trainRun(path, "--epochs=1");
    await using run = await followRun(path, { device, pollMs: 5 });
    const token = "a-token-that-a-test-chose";
    await using server = await startDashboard([run], {
      port: 0,
      token,
      reportError: (error) => {
        throw error;
      },
    });
    const response = await fetch(`http://127.0.0.1:${server.port}/api/events`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const parse = createEventParser();
    const told: RunUpdate[] = [];
    let trained: Promise<void> | undefined;
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      told.push(...parse(text).map(({ data }) => JSON.parse(data)));
      if (told.at(-1)?.status.state !== "ended") continue;
      if (trained !== undefined && told.some(isOther)) break;
      trained ??= trainRun(path, "--epochs=2", "--overwrite");
    }
    await trained;
    const { runId } = told[0]!.start!;
    function isOther({ reset, start }: RunUpdate): boolean {
      return reset === true && start !== undefined && start.runId !== told[0]!.start!.runId;
    }
    assert(runId !== undefined && told.some(isOther));
  },
  !canRun || !canUseNetwork,
);
