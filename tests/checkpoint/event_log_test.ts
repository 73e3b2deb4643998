import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { eventLogPath, openEventLog } from "../../src/checkpoint/event_log.ts";
import { isLogged, stepsPerLine } from "../../src/checkpoint/logged_steps.ts";
import { MAX_LINE_CHARACTERS } from "../../src/checkpoint/limits.ts";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { fitSamples } from "../../src/checkpoint/fit_samples.ts";
import type { RunEvent } from "../../src/checkpoint/run_events.ts";
import type { SamplesEvent } from "../../src/training/events.ts";
import { layOutAddition } from "../../src/problem/addition.ts";
import { MAX_EPOCHS } from "../../src/training/options.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";
import { MAX_SAMPLES } from "../../src/training/train.ts";
import type { EpochMetrics } from "../../src/training/metrics.ts";
import type { TrainingProgress } from "../../src/training/progress.ts";
import { canUseFiles } from "../permissions.ts";
import { createTestClock, TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";

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

/** The progress after some steps, in epochs of two steps. */
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
  "openEventLog() cuts off the events after the position that training continues from",
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

testLog("openEventLog() skips a line that a kill cut short", async (folder) => {
  await write(folder, EVENTS);
  await Deno.writeTextFile(`${folder}/events.jsonl`, '{"event":"st', { append: true });
  using run = await openRun(folder);
  const { log, events, damage } = await openEventLog(run, progress(4, 2), createTestClock());
  log[Symbol.dispose]();
  assertEquals([events.length, damage], [EVENTS.length, undefined]);
});

testLog(
  "openEventLog() names the damaged line of a log, and keeps the lines before it",
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

testLog("append() writes a second after the last write at the latest", async (folder) => {
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
  assertEquals([1, 100_000, 100_001, 1_000_000].map((steps) => stepsPerLine(steps)), [1, 1, 2, 10]);
  const steps = 100_001;
  const logged = Array.from({ length: steps }, (_, i) => i + 1).filter((i) => isLogged(i, steps));
  assertEquals([logged.length, logged.at(-1)], [50_001, steps]);
});

testLog("a log that cannot be written gives an error that names the run", async (folder) => {
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

/** A `samples` event whose line has this number of characters. */
function samplesOf(length: number): RunEvent {
  const make = (question: string): RunEvent => ({
    event: "samples",
    epoch: 1,
    samples: [{ question, target: "", guess: "", probability: 0, characterProbabilities: [] }],
  });
  return make("x".repeat(length - JSON.stringify(make("")).length));
}

testLog("a line of the log is written and read up to the same limit", async (folder) => {
  for (const length of [MAX_LINE_CHARACTERS - 1, MAX_LINE_CHARACTERS]) {
    const events = [step(1), step(2), samplesOf(length), epoch(1)];
    await write(folder, events);
    using run = await openRun(folder);
    const { log, events: read, damage } = await openEventLog(
      run,
      progress(2, 1),
      createTestClock(),
    );
    log[Symbol.dispose]();
    assertEquals([damage, read], [undefined, events]);
  }
  await assertRejects(
    () => write(folder, [samplesOf(MAX_LINE_CHARACTERS + 1)]),
    RangeError,
    `at most ${MAX_LINE_CHARACTERS} characters, but would have ${MAX_LINE_CHARACTERS + 1}`,
  );
});

Deno.test("the most samples of an epoch fit into a line, even at their greatest length", () => {
  const layout = layOutAddition({ digits: 9 }, true);
  const [source, target] = [layout.source.length, layout.target.length];
  const probability = 1.2345678901234567e-300;
  const sample = {
    question: "9".repeat(source),
    target: "9".repeat(target),
    guess: "9".repeat(target),
    probability,
    characterProbabilities: Array(target).fill(probability),
  };
  const samples = Array(MAX_SAMPLES).fill(sample);
  const line = JSON.stringify({ event: "samples", epoch: MAX_EPOCHS, samples });
  assert(line.length <= MAX_LINE_CHARACTERS, `${line.length} characters`);
});

testLog(
  "of samples that do not fit into a line, the first ones are logged that do",
  async (folder) => {
    const long = (event: RunEvent): SamplesEvent => event as SamplesEvent;
    for (const lengths of [[10, 20], [MAX_LINE_CHARACTERS / 2, 400, MAX_LINE_CHARACTERS / 2, 9]]) {
      const samples = lengths.flatMap((length) => long(samplesOf(Math.max(length, 200))).samples);
      const event: SamplesEvent = { event: "samples", epoch: 1, samples };
      const fitted = fitSamples(event);
      await write(folder, [fitted]);
      assertEquals(fitted.samples, samples.slice(0, fitted.samples.length));
      const next = { ...event, samples: samples.slice(0, fitted.samples.length + 1) };
      const isWhole = fitted.samples.length === samples.length;
      assertEquals(JSON.stringify(next).length > MAX_LINE_CHARACTERS, !isWhole);
    }
    const exact = long(samplesOf(MAX_LINE_CHARACTERS));
    assertEquals(fitSamples(exact), exact);
    assertEquals(fitSamples(long(samplesOf(MAX_LINE_CHARACTERS + 1))).samples, []);
  },
);

testLog("every logged event is read again, in order", async (folder) => {
  const figure = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const sum = figure.map(Math.abs);
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const text = fc.string({ unit: "binary", maxLength: 200 });
  const event: fc.Arbitrary<RunEvent> = fc.oneof(
    fc.record({ loss: figure, characterAccuracy: share, learningRate: sum })
      .map((figures) => ({ event: "step" as const, epoch: 1, step: 1, steps: 8, ...figures })),
    fc.array(
      fc.record({
        ...{ question: text, target: text, guess: text, probability: sum },
        characterProbabilities: fc.array(sum, { maxLength: 5 }),
      }),
      { maxLength: 5 },
    ).map((samples) => ({ event: "samples" as const, epoch: 1, samples })),
    fc.record({ symbols: fc.array(text), confusion: fc.array(fc.nat()) }).map((of) => ({
      ...{ event: "learned" as const, epoch: 1, groups: [], positions: [] },
      ...of,
    })),
    fc.record({ checkpoint: text, exactMatch: fc.option(share) }).map((of) => ({
      ...{ event: "end" as const, reason: "interrupted" as const, epochs: 1 },
      ...of,
    })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 20 }), async (events) => {
      await write(folder, events);
      using run = await openRun(folder);
      const opened = await openEventLog(run, progress(2, 1), createTestClock());
      opened.log[Symbol.dispose]();
      assertEquals(opened.events, JSON.parse(JSON.stringify(events)));
    }),
    { numRuns: 100 },
  );
});

testLog("openEventLog() does not continue the log of another run", async (folder) => {
  const start = (runId: string | null): RunEvent => ({
    ...{ event: "start", run: folder, runId, backend: { name: "cpu", reason: "as asked" } },
    ...{ problem: TINY_PROBLEM, model: TINY_MODEL, training: resolveTraining() },
    ...{ parameters: 1, trainingExamples: 50, validationExamples: 5, step: 0 },
  });
  const otherEpoch: RunEvent = { ...metrics(1), event: "epoch", best: true, elapsedMs: 6 };
  const cases: readonly (readonly [RunEvent, RunEvent, boolean])[] = [
    [start("mine"), epoch(1), false],
    [start(null), epoch(1), false],
    [start("another"), epoch(1), true],
    [start(null), otherEpoch, true],
  ];
  for (const [first, second, isForeign] of cases) {
    await write(folder, [first, step(1), step(2), second]);
    using run = await openRun(folder, { runId: "mine" });
    const { log, events, damage } = await openEventLog(run, progress(2, 1), createTestClock());
    log[Symbol.dispose]();
    assertEquals(events.length, isForeign ? 0 : 4);
    const expected = `${folder}/events.jsonl: it belongs to another run`;
    assertEquals(damage, isForeign ? expected : undefined);
  }
});
