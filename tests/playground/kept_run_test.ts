import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { chooseDevice } from "../../src/device/choose.ts";
import type { Steps } from "../../src/device/executor.ts";
import {
  createMemoryStore,
  type KeptContent,
  type KeptPart,
} from "../../src/playground/engine/run_store.ts";
import { changeDevice } from "../changed_device.ts";
import { isIn, LONG, playEngine, readSaved, sameIn, SMALL, SUMS, trainWhole } from "./played.ts";

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

Deno.test("what is kept and damaged is refused with the reason, and the run before stays", async () => {
  const store = createMemoryStore();
  await using played = await playEngine({ store });
  await played.engine.start(SUMS, SMALL);
  await played.until(isIn("ended"));
  await played.engine.readAnswers();
  const kept = (await store.read())!;
  const checkpoint = kept.checkpoint.with(-1, kept.checkpoint.at(-1)! ^ 1);
  const log = kept.log.replace('"loss":', '"lost":');
  const faults: [Partial<KeptContent>, string][] = [
    [{ checkpoint }, "Cannot open the run of this browser: the file is damaged"],
    [{ log }, "Cannot open the run of this browser: "],
  ];
  for (const [change, message] of faults) {
    await store.replace({ ...kept, ...change });
    await assertRejects(() => played.engine.openKept(), Error, message);
  }
  assertEquals((await played.engine.ask("1+1")).question, "1+1");
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
  const full = (): Promise<never> => Promise.reject(new Error("the disk is full.")); // as browsers end their sentences
  const store = { ...createMemoryStore(), replace: full };
  await using played = await playEngine({ store });
  await played.engine.start(SUMS, SMALL);
  await played.until(isIn("ended"));
  assertEquals(played.notes.filter((note) => note.includes("the disk is full. Save it")).length, 1);
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

Deno.test("forgetKept() forgets the run, also while it is trained", async () => {
  await using played = await playEngine();
  await played.engine.start(SUMS, LONG);
  assert(await played.engine.findKept() !== null);
  await played.engine.forgetKept();
  await played.engine.pause();
  assertEquals(await played.engine.findKept(), null);
  await assertRejects(() => played.engine.openKept(), Error, "it keeps none");
});

Deno.test("forgetKept() leaves the run that another page keeps, until it is asked for that", async () => {
  const store = createMemoryStore();
  await using first = await playEngine({ store });
  await first.engine.start(SUMS, LONG);
  await first.engine.pause();
  const { bytes } = await first.engine.saveCheckpoint();
  await using second = await playEngine({ store });
  await second.engine.openCheckpoint(bytes); // it is not kept yet
  await second.engine.forgetKept();
  assert(await first.engine.findKept() !== null);
  await second.engine.start(SUMS, LONG);
  await second.engine.pause();
  await first.engine.forgetKept();
  assert(await second.engine.findKept() !== null);
  await first.engine.forgetKept(); // its own is forgotten already
  assertEquals(await second.engine.findKept(), null);
});

Deno.test("what is kept and is no run is not offered, is refused with the reason, and is replaced", async () => {
  const store = createMemoryStore();
  await using played = await playEngine({ store });
  await played.engine.start(SUMS, SMALL);
  await played.until(isIn("ended"));
  await played.engine.readAnswers();
  const kept = (await store.read())!;
  const { device: _, ...head } = kept.head;
  const foreign: [unknown, string][] = [
    [null, "the head must be an object"],
    [5, "the head must be an object"],
    [{}, "owner of the head must be a string"],
    [head, "device of the head must be an object"],
    [{ ...kept.head, step: "5" }, "step of the head must be 0 or a positive integer"],
    [{ ...kept.head, savedAt: 1e300 }, "savedAt of the head must be an integer"],
    [
      { ...kept.head, device: { backend: "tpu" } },
      "device.backend of the head must be one of auto",
    ],
  ];
  for (const [found, reason] of foreign) {
    await store.replace({ ...kept, head: found as KeptContent["head"] }); // another program writes what it likes
    await using after = await playEngine({ store });
    assertEquals(await after.engine.findKept(), null);
    const [note] = after.notes;
    assertStringIncludes(note!, `and a new one replaces it: Cannot read it: ${reason}`);
    await assertRejects(
      () => after.engine.openKept(),
      Error,
      "Cannot open the run of this browser",
    );
    await after.engine.start(SUMS, LONG);
    assert(await after.engine.findKept() !== null, reason);
  }
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
