import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import type { Executor } from "../../src/device/executor.ts";
import type { MadeTask } from "../../src/playground/engine.ts";
import type { OpenDevice } from "../../src/playground/engine/device_request.ts";
import {
  ASSETS,
  isIn,
  LONG,
  makePairs,
  playEngine,
  readSaved,
  sameIn,
  SMALL,
  SUMS,
  trainWhole,
  untilStep,
} from "./played.ts";

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

Deno.test("the memory of a run is freed when another takes its place, or cannot", async () => {
  const executors: Executor[] = [];
  const countOpen = (): number => executors.filter(({ disposed }) => !disposed).length;
  const openDevice: OpenDevice = async (backend, options) => {
    const device = await chooseDevice(backend, options);
    return {
      ...device,
      async load(network, values): Promise<Executor> {
        const executor = await device.load(network, values);
        executors.push(executor);
        return executor;
      },
    };
  };
  {
    await using played = await playEngine({ openDevice });
    for (let i = 0; i < 3; i++) await played.engine.start(SUMS, LONG);
    assertEquals([executors.length, countOpen()], [3, 1]);
    const { bytes } = await played.engine.saveCheckpoint();
    await played.engine.openCheckpoint(bytes);
    await played.engine.openKept();
    assertEquals([executors.length, countOpen()], [5, 1]);
    const { parameters, ...rest } = await decodeCheckpoint(bytes);
    const without = await encodeCheckpoint({ ...rest, parameters, moments: [] });
    await assertRejects(() => played.engine.openCheckpoint(without), Error, "restore Adam's state");
    assertEquals([executors.length, countOpen()], [6, 1]);
  }
  assertEquals(countOpen(), 0);
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
