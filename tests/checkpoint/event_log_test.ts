import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  eventLogPath,
  isLogged,
  openEventLog,
  stepsPerLine,
} from "../../src/checkpoint/event_log.ts";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import type { RunEvent } from "../../src/checkpoint/run_events.ts";
import type { EpochMetrics } from "../../src/training/metrics.ts";
import type { TrainingProgress } from "../../src/training/training.ts";
import { canUseFiles } from "../permissions.ts";
import { createTestClock } from "../tiny_training.ts";

const NOTHING: TrainingProgress = { step: 0, batch: 0, lossSum: 0, elapsedMs: 0, history: [] };

function step(number: number): RunEvent {
  return {
    event: "step",
    epoch: Math.ceil(number / 2),
    step: number,
    steps: 8,
    loss: 1 / number,
    characterAccuracy: 0.5,
    learningRate: 0.1,
  };
}

function epoch(number: number): RunEvent {
  return { event: "epoch", ...metrics(number), best: true };
}

function metrics(number: number): EpochMetrics {
  return {
    epoch: number,
    step: 2 * number,
    loss: 1,
    validationLoss: 1,
    characterAccuracy: 0.5,
    exactMatch: 0.1,
    elapsedMs: 5,
  };
}

/** After some steps and epochs of two steps. */
function progress(step: number, epochs: number): TrainingProgress {
  const history = Array.from({ length: epochs }, (_, i) => metrics(i + 1));
  return { ...NOTHING, step, history };
}

function testLog(name: string, body: (folder: string) => Promise<void>): void {
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

async function write(folder: string, events: readonly RunEvent[]): Promise<void> {
  using run = await openRun(folder);
  const { log } = await openEventLog(run, NOTHING, createTestClock());
  using _ = log;
  for (const event of events) await log.append(event);
  await log.flush();
}

const EVENTS = [step(1), step(2), epoch(1), step(3), step(4), epoch(2)];

testLog(
  "openEventLog() cuts off what came after the position that training goes on from",
  async (folder) => {
    for (
      const [at, kept] of [
        [progress(2, 1), 3],
        [progress(3, 1), 4],
        [progress(4, 1), 5],
        [progress(4, 2), 6],
        [progress(2, 0), 2],
      ] as const
    ) {
      await write(folder, EVENTS);
      using run = await openRun(folder);
      const { log, events, damage } = await openEventLog(run, at, createTestClock());
      log[Symbol.dispose]();
      assertEquals([events, damage], [EVENTS.slice(0, kept), undefined]);
      const lines = (await Deno.readTextFile(`${folder}/events.jsonl`)).trimEnd().split("\n");
      assertEquals(lines.map((line) => JSON.parse(line)), EVENTS.slice(0, kept));
    }
  },
);

testLog("openEventLog() passes over a line that a kill cut short", async (folder) => {
  await write(folder, EVENTS);
  await Deno.writeTextFile(`${folder}/events.jsonl`, '{"event":"st', { append: true });
  using run = await openRun(folder);
  const { log, events, damage } = await openEventLog(run, progress(4, 2), createTestClock());
  log[Symbol.dispose]();
  assertEquals([events.length, damage], [EVENTS.length, undefined]);
});

testLog(
  "openEventLog() names the line where a log is damaged, and keeps what is before it",
  async (folder) => {
    await write(folder, EVENTS);
    const path = `${folder}/events.jsonl`;
    const lines = (await Deno.readTextFile(path)).split("\n");
    await Deno.writeTextFile(path, [lines[0], "\0\0\0", ...lines.slice(2)].join("\n"));
    using run = await openRun(folder);
    const { log, events, damage } = await openEventLog(run, progress(4, 2), createTestClock());
    log[Symbol.dispose]();
    assertEquals(events, EVENTS.slice(0, 1));
    assertStringIncludes(damage!, `${path} from line 2 on`);
  },
);

testLog("openEventLog() does not write through a link", async (folder) => {
  const elsewhere = await Deno.makeTempFile();
  await Deno.symlink(elsewhere, `${folder}/events.jsonl`);
  await write(folder, EVENTS);
  assertEquals(await Deno.readTextFile(elsewhere), "");
  assert(!(await Deno.lstat(`${folder}/events.jsonl`)).isSymlink);
  await Deno.remove(elsewhere);
});

testLog("append() writes at the latest a second after the last time", async (folder) => {
  using run = await openRun(folder);
  let now = 0;
  const { log } = await openEventLog(run, NOTHING, () => now);
  using _ = log;
  const size = async (): Promise<number> => (await Deno.stat(`${folder}/events.jsonl`)).size;
  await log.append(step(1));
  assertEquals(await size(), 0);
  now += 1000;
  await log.append(step(2));
  assert(await size() > 0);
});

Deno.test("a long training logs at most 100,000 steps, and always the last", () => {
  assertEquals([1, 100_000, 100_001, 1_000_000].map(stepsPerLine), [1, 1, 2, 10]);
  const steps = 100_001;
  const logged = Array.from({ length: steps }, (_, i) => i + 1).filter((i) => isLogged(i, steps));
  assertEquals([logged.length, logged.at(-1)], [50_001, steps]);
});

testLog("a log that cannot be written is a sentence that names the run", async (folder) => {
  using run = await openRun(folder);
  const { log } = await openEventLog(run, NOTHING, createTestClock());
  log[Symbol.dispose]();
  await log.append(step(1));
  const refused = `Cannot write to the run "${folder}", whose log of events must be writable`;
  await assertRejects(() => log.flush(), Error, refused);
  await Deno.remove(eventLogPath(folder));
  await Deno.mkdir(eventLogPath(folder));
  await assertRejects(
    () => openEventLog(run, NOTHING, createTestClock()),
    Error,
    refused,
  );
});
