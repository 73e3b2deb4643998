import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { PairsTask } from "../../src/playground/engine.ts";
import {
  ASSETS,
  LONG,
  makePairs,
  playEngine,
  readSaved,
  SMALL,
  SUMS,
  untilStep,
} from "./played.ts";

Deno.test("a task that cannot be learned is refused, and the training before goes on", async () => {
  await using played = await playEngine();
  await played.engine.start(SUMS, LONG);
  const refused: [() => Promise<unknown>, string][] = [
    [() => played.engine.start({ ...SUMS, settings: { digits: 10 } }, SMALL), "from 1 to 9"],
    [
      () => played.engine.start({ ...SUMS, problem: "sums" }, SMALL),
      'numbers, pairs, but is "sums"',
    ],
    [() => played.engine.start({ ...SUMS, problem: "pairs" }, SMALL), "one that makes its own"],
    [() => played.engine.start(SUMS, { ...SMALL, model: { hiddenSize: 0 } }), "hiddenSize"],
    [() => played.engine.start(SUMS, { ...SMALL, threads: 0 }), "threads"],
    [
      () => played.engine.start({ ...SUMS, settings: { seed: 1 } }, { training: { seed: 2 } }),
      "the same seed",
    ],
    [() => played.engine.start(makePairs("one.tsv", 1), SMALL), "with --validation FILE"],
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
