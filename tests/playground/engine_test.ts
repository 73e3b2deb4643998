import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { changeDevice } from "../changed_device.ts";
import type { MadeTask, PairsTask } from "../../src/playground/engine.ts";
import {
  createMemoryStore,
  type KeptContent,
  type KeptPart,
} from "../../src/playground/engine/run_store.ts";
import type { PageAssets } from "../../src/dashboard/inline_page.ts";
import type { Steps } from "../../src/device/executor.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import {
  isIn,
  LONG,
  makePairs,
  type PlayedEngine,
  playEngine,
  readSaved,
  sameIn,
  SMALL,
  SUMS,
} from "./played.ts";

/** The files of a page that shows nothing. */
const ASSETS: PageAssets = {
  "index.html":
    '<html><head><link rel="icon" href="icon.svg"><link rel="stylesheet" href="page.css"><script type="module" src="page.js"></script></head><body></body></html>',
  ...{ "page.css": "", "page.js": "", "icon.svg": "" },
};

/** Trains to the end without an interruption. */
async function trainWhole(): Promise<unknown> {
  await using played = await playEngine();
  await played.engine.start(SUMS, SMALL);
  await played.until(isIn("ended"));
  return sameIn(await readSaved(played.engine));
}

/** Waits until a step was reported. */
function untilStep(played: PlayedEngine, step: number): Promise<unknown> {
  return played.until(({ status }) => status.step >= step);
}

Deno.test("start() resolves after a step, and says what computes", async () => {
  await using played = await playEngine();
  const report = await played.engine.start(SUMS, { ...LONG, threads: 1 });
  assertEquals([report.backend, report.threads], ["cpu", 1]);
  const { progress } = await readSaved(played.engine);
  assert(progress.step > 0);
});

Deno.test("a training that is paused and goes on learns the same, bit for bit", async () => {
  await using played = await playEngine();
  await played.engine.start(SUMS, SMALL);
  await played.engine.pause();
  await played.until(isIn("interrupted"));
  const { step } = (await readSaved(played.engine)).progress;
  await played.engine.pause(); // it is paused already
  assertEquals((await readSaved(played.engine)).progress.step, step);
  await played.engine.goOn();
  await played.engine.stop();
  await played.engine.goOn();
  await played.until(isIn("ended"));
  assertEquals(sameIn(await readSaved(played.engine)), await trainWhole());
});

Deno.test("a training whose page was reloaded goes on from what was kept, bit for bit", async () => {
  const store = createMemoryStore();
  const moments: KeptContent[] = []; // a page may be closed at any of them
  const add = async (part: KeptPart): Promise<boolean> => {
    const added = await store.add(part);
    moments.push((await store.read())!);
    return added;
  };
  await using before = await playEngine({ store: { ...store, add }, date: () => 5 });
  await before.engine.start(SUMS, SMALL);
  await before.until(isIn("ended"));
  const stored = moments.find(({ head }) => head.step > 0)!;
  await store.replace(stored);

  await using after = await playEngine({ store });
  const kept = await after.engine.findKept();
  assertEquals([kept?.steps, kept?.savedAt], [stored.head.steps, 5]);
  await after.engine.openKept();
  const [shown] = after.updates;
  assertEquals([shown?.reset, shown?.status.state], [true, "interrupted"]);
  assert(stored.head.step < stored.head.steps);
  assertEquals(shown?.status.step, stored.head.step);
  assertEquals(shown?.steps?.step.length ?? 0, stored.head.step);
  await after.engine.goOn();
  await after.until(isIn("ended"));
  assertEquals(sameIn(await readSaved(after.engine)), await trainWhole());
  assertEquals((await after.engine.findKept())?.step, shown?.status.steps);
});

Deno.test("what is kept has the whole history of a run that has ended", async () => {
  const store = createMemoryStore();
  await using before = await playEngine({ store });
  await before.engine.start(SUMS, SMALL);
  await before.until(isIn("ended"));
  await before.engine.readAnswers(); // when this is done, everything is kept
  await using after = await playEngine({ store });
  await after.engine.openKept();
  const [update] = after.updates;
  assertEquals(update?.status.state, "ended");
  assertEquals([update?.epochs?.length, update?.samples?.length, update?.learned?.length], [
    3,
    3,
    3,
  ]);
  assertEquals(update?.steps?.step.length, update?.status.steps);
  await assertRejects(() => after.engine.goOn(), Error, "the training is complete");
  const [first, second] = [await before.engine.readAnswers(), await after.engine.readAnswers()];
  assertEquals(second, first);
});

Deno.test("a question is answered while the model is trained", async () => {
  await using played = await playEngine();
  await played.engine.start(makePairs("words.tsv", 2000), {
    ...LONG,
    training: { epochs: 1000 },
  });
  const steps = new Set<number>();
  for (let i = 0; i < 6; i++) {
    const { question, probabilities, step } = await played.engine.ask("llmn");
    assertEquals(question, "llmn");
    assert(probabilities.length > 0);
    steps.add(step);
    await untilStep(played, step + 1);
  }
  assert(steps.size > 3, `the weights of ${steps.size} steps answered`);
  await assertRejects(() => played.engine.ask("☃"), SyntaxError);
});

Deno.test("stop() ends a training that is being prepared, and the run before stays", async () => {
  await using played = await playEngine();
  await played.engine.start(SUMS, SMALL);
  await played.until(isIn("ended"));
  const before = await readSaved(played.engine);
  const large: MadeTask = { ...SUMS, settings: { digits: 9, examples: 2_000_000 } };
  const starting = played.engine.start(large, LONG);
  await new Promise((resolve) => setTimeout(resolve, 0));
  await Promise.all([
    assertRejects(() => starting, Error, "Stopped before the training"),
    played.engine.stop(),
  ]);
  assertEquals(await readSaved(played.engine), before);
});

Deno.test("a task that cannot be learned is refused, and the training before goes on", async () => {
  await using played = await playEngine();
  await played.engine.start(SUMS, LONG);
  const refused: [() => Promise<unknown>, string][] = [
    [() => played.engine.start({ ...SUMS, settings: { digits: 10 } }, SMALL), "from 1 to 9"],
    [
      () => played.engine.start({ ...SUMS, problem: "sums" }, SMALL),
      'Cannot find the problem "sums"',
    ],
    [() => played.engine.start({ ...SUMS, problem: "pairs" }, SMALL), "one that makes its own"],
    [() => played.engine.start(SUMS, { ...SMALL, model: { hiddenSize: 0 } }), "hiddenSize"],
    [() => played.engine.start(SUMS, { ...SMALL, threads: 0 }), "threads"],
    [
      () => played.engine.start({ ...SUMS, settings: { seed: 1 } }, { training: { seed: 2 } }),
      "the same seed",
    ],
    [() => played.engine.start(makePairs("one.tsv", 1), SMALL), "give a --validation file instead"],
    [() => played.engine.openCheckpoint(new Uint8Array(100)), "Cannot read the checkpoint"],
  ];
  for (const [attempt, message] of refused) await assertRejects(attempt, Error, message);
  const { step } = (await readSaved(played.engine)).progress;
  await untilStep(played, step + 1);
});

Deno.test("check() says what the command line says, also of a line that is bad", async () => {
  await using played = await playEngine();
  const { lines, advice } = await played.engine.check(makePairs("words.tsv", 300));
  assertStringIncludes(lines.join("\n"), "Data: words.tsv");
  assert(lines.every((line) => line.length <= 100));
  assertEquals(advice.length, 1);
  assertStringIncludes(advice[0]!, "There are only 300 pairs");
  const bad: PairsTask = {
    ...makePairs("bad.tsv"),
    bytes: new TextEncoder().encode("a\tb\nonly one column\n"),
  };
  await assertRejects(
    () => played.engine.check(bad),
    Error,
    "but has 1; columns are separated by tabs; --bad-lines skip leaves such lines out",
  );
});

Deno.test("a checkpoint of pairs answers without them, and needs the same pairs to go on", async () => {
  await using before = await playEngine();
  await before.engine.start(makePairs(), LONG);
  await before.engine.pause();
  const { bytes } = await before.engine.saveCheckpoint();
  await using after = await playEngine();
  await after.engine.openCheckpoint(bytes);
  assertEquals((await after.engine.ask("llmn")).answer, (await before.engine.ask("llmn")).answer);
  assertEquals((await after.engine.readAnswers()).examples, 0);
  await assertRejects(
    () => after.engine.goOn(),
    Error,
    'together with its pairs, the file "words.tsv"',
  );
  await assertRejects(
    () => after.engine.openCheckpoint(bytes, makePairs("words.tsv", 201)),
    Error,
    'Cannot use "words.tsv": it must be the file that was measured',
  );
  await after.engine.openCheckpoint(bytes, makePairs("other name.tsv"));
  await after.engine.goOn();
  await before.engine.saveCheckpoint().then(({ bytes }) =>
    assertRejects(() =>
      before.engine.openCheckpoint(bytes, { ...makePairs(), bytes: new Uint8Array(3) })
    )
  );
});

Deno.test("pairs are refused with a checkpoint that has not learned from a file of pairs", async () => {
  await using played = await playEngine();
  await played.engine.start(SUMS, SMALL);
  const { bytes } = await played.engine.saveCheckpoint();
  await assertRejects(
    () => played.engine.openCheckpoint(bytes, makePairs()),
    Error,
    'Cannot use "words.tsv": the run learns',
  );
});

Deno.test("two pages that go on with one run do not mix what they keep", async () => {
  const store = createMemoryStore();
  await using first = await playEngine({ store });
  await first.engine.start(SUMS, LONG);
  await first.engine.pause();
  await using second = await playEngine({ store });
  await second.engine.openKept();
  await second.engine.goOn();
  await second.engine.pause(); // it is kept
  const kept = await store.read();
  await first.engine.goOn();
  await first.engine.pause();
  assertEquals(await store.read(), kept);
  assertEquals(first.notes.filter((note) => note.startsWith("Another page has")).length, 1);
  assertEquals(second.notes, []);
});

Deno.test("a browser that cannot keep the run says so once, and the training goes on", async () => {
  const full = (): Promise<never> => Promise.reject(new Error("the disk is full"));
  const store = { ...createMemoryStore(), replace: full };
  await using played = await playEngine({ store });
  await played.engine.start(SUMS, SMALL);
  await played.until(isIn("ended"));
  assertEquals(played.notes.filter((note) => note.includes("the disk is full")).length, 1);
  assertEquals(await played.engine.findKept(), null);
});

Deno.test("a browser that cannot be asked what it keeps says why, and keeps nothing", async () => {
  const none = (): Promise<never> => Promise.reject(new Error("there is no IndexedDB"));
  await using played = await playEngine({ store: { ...createMemoryStore(), readHead: none } });
  assertEquals(await played.engine.findKept(), null);
  assertEquals(played.notes, [
    "This browser keeps no run, so a reload loses it: there is no IndexedDB",
  ]);
});

Deno.test("people are told what to expect of a training, and what to try if it has not learned", async () => {
  await using played = await playEngine();
  const task: MadeTask = { ...SUMS, settings: { digits: 1 } };
  await played.engine.start(task, { ...SMALL, training: { epochs: 2 } });
  await played.until(isIn("ended"));
  const [before, after, ...others] = played.notes;
  assertStringIncludes(before!, "What to expect: 50 questions are learned by heart");
  assertStringIncludes(after!, "The model has not learned its task");
  assertEquals(others, []);
});

Deno.test("forgetKept() forgets the run, also while it is trained", async () => {
  await using played = await playEngine();
  await played.engine.start(SUMS, LONG);
  assert(await played.engine.findKept() !== null);
  await played.engine.forgetKept();
  await played.engine.pause();
  assertEquals(await played.engine.findKept(), null);
  await assertRejects(() => played.engine.openKept(), Error, "it keeps none");
});

Deno.test("without a run every question about it is refused with advice", async () => {
  await using played = await playEngine();
  const { engine } = played;
  const asked = [
    () => engine.ask("1+1"),
    () => engine.pause(),
    () => engine.goOn(),
    () => engine.readAnswers(),
    () => engine.saveCheckpoint(),
    () => engine.exportPage(ASSETS),
  ];
  for (const ask of asked) {
    await assertRejects(ask, Error, "start a training, or open a checkpoint");
  }
  await engine.stop();
});

Deno.test("exportPage() gives one page with the run in it, interrupted if it goes on", async () => {
  await using played = await playEngine();
  await played.engine.start(SUMS, LONG);
  const { name, type, bytes } = await played.engine.exportPage(ASSETS);
  assertEquals([name, type], ["addition.html", "text/html"]);
  const text = new TextDecoder().decode(bytes);
  const [, json] = /<script type="application\/json" id="embedded">(.*?)<\/script>/s.exec(text)!;
  const embedded = JSON.parse(json!);
  assertEquals(embedded.update.status.state, "interrupted");
  assert(embedded.model.length > 1000);
});

Deno.test("a training that fails says so, and what was kept before goes on", async () => {
  const store = createMemoryStore();
  await using played = await playEngine({
    store,
    openDevice: async (backend, options) =>
      changeDevice(await chooseDevice(backend, options), (executor) => ({
        begin(plan): Steps {
          if (plan.step > 0) throw new Error("the device was lost");
          return executor.begin(plan);
        },
      })),
  });
  await played.engine.start(SUMS, SMALL);
  await played.until(isIn("failed"));
  assertEquals(played.notes.at(-1), "the device was lost");
  await assertRejects(
    () => played.engine.goOn(),
    Error,
    "the training failed (the device was lost)",
  );
  await using after = await playEngine({ store });
  await after.engine.openKept();
  await after.engine.goOn();
  await after.until(isIn("ended"));
  assertEquals(sameIn(await readSaved(after.engine)), await trainWhole());
});
