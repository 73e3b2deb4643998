import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type Checkpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { readRun } from "../../src/checkpoint/read_run.ts";
import type { EpochMetrics } from "../../src/training/metrics.ts";
import { markCheckpoint } from "../reliability/marked_checkpoint.ts";
import { createSimulatedDisk } from "../reliability/simulated_disk.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";

/** The checkpoint of a run after some epochs of one step. The time of an epoch differs between runs. */
function after(epochs: number, runId: string | null, elapsedMs = 1): Checkpoint {
  const checkpoint = markCheckpoint(epochs);
  const [first] = markCheckpoint(1).progress.history;
  const history: EpochMetrics[] = Array.from({ length: epochs }, (_, i) => ({
    ...first!,
    ...{ epoch: i + 1, step: i + 1, elapsedMs: elapsedMs + i },
  }));
  return { ...checkpoint, runId, progress: { ...checkpoint.progress, batch: 0, history } };
}

type Files = Readonly<Record<string, Checkpoint | string>>;

async function makeDisk(files: Files): Promise<ReturnType<typeof createSimulatedDisk>> {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : await encodeCheckpoint(content);
    contents.set(`run/${name.includes(".") ? name : `${name}.safetensors`}`, bytes);
  }
  return createSimulatedDisk(contents);
}

async function read(files: Files, choice: "latest" | "best" = "latest"): Promise<{
  readonly from: string;
  readonly skipped: readonly string[];
  readonly foreign: readonly string[];
  readonly warnings: readonly string[];
}> {
  const { path, skipped, foreign, warnings } = await readRun("run", choice, await makeDisk(files));
  return { from: path, skipped, foreign, warnings };
}

function startOf(runId: string | null): string {
  return JSON.stringify({
    ...{ event: "start", run: "run", runId, backend: { name: "cpu", reason: "as asked" } },
    ...{ problem: TINY_PROBLEM, model: TINY_MODEL, training: {} },
    ...{ parameters: 1, trainingExamples: 50, validationExamples: 5, step: 0 },
  }) + "\n";
}

function linesOf({ progress: { history } }: Checkpoint): string {
  return history.map((metrics) => JSON.stringify(metrics) + "\n").join("");
}

Deno.test("readRun() has no warning about a run whose files belong together", async () => {
  const files = {
    ...{ latest: after(4, "a"), previous: after(3, "a"), "previous-2": after(2, "a") },
    ...{
      best: after(4, "a"),
      "events.jsonl": startOf("a"),
      "metrics.jsonl": linesOf(after(5, "a")),
    },
  };
  assertEquals(await read(files), {
    from: "run/latest.safetensors",
    ...{ skipped: [], foreign: [], warnings: [] },
  });
  assertEquals((await read(files, "best")).warnings, []);
});

Deno.test("readRun() says which files belong to another run than the latest checkpoint", async () => {
  const found = await read({
    ...{ latest: after(0, "new"), previous: after(3, "old"), best: after(3, "old") },
    "events.jsonl": startOf("old"),
  });
  assertEquals(found.from, "run/latest.safetensors");
  assertEquals(found.foreign, ["best.safetensors", "previous.safetensors", "events.jsonl"]);
  assertEquals(found.warnings, [
    "run/best.safetensors belongs to another run than latest.safetensors, so it is not used",
    "run/previous.safetensors belongs to another run than latest.safetensors, so it is not used",
    "run/events.jsonl belongs to another run than latest.safetensors, so it is not used",
  ]);
});

Deno.test("readRun() does not replace a damaged checkpoint by one of another run", async () => {
  const [latest, previous, disk] = [
    after(2, "new"),
    after(3, "old"),
    await makeDisk({
      ...{ latest: after(2, "new"), previous: after(3, "old") },
    }),
  ];
  assertEquals([latest.runId, previous.runId], ["new", "old"]);
  using file = await disk.openFile("run/latest.safetensors");
  const damaged = await file.read(0, file.sizeBytes);
  damaged[damaged.length - 1]! ^= 1;
  const after1 = createSimulatedDisk(
    new Map([
      ["run/latest.safetensors", damaged],
      ["run/previous.safetensors", await encodeCheckpoint(previous)],
    ]),
  );
  const error = await assertRejects(() => readRun("run", "latest", after1), Error, "is damaged");
  assertStringIncludes(
    error.message,
    "run/previous.safetensors: it belongs to another run than latest.safetensors",
  );
});

Deno.test("readRun() does not give the best checkpoint of another run", async () => {
  await assertRejects(
    () => read({ latest: after(0, "new"), best: after(3, "old") }, "best"),
    Error,
    "run/best.safetensors: it belongs to another run than latest.safetensors",
  );
});

Deno.test("readRun() compares the histories of files without an identity", async () => {
  const same = { latest: after(4, "a"), previous: after(3, null), best: after(2, null) };
  assertEquals((await read(same)).warnings, []);
  assertEquals((await read(same, "best")).from, "run/best.safetensors");
  const other = { ...same, best: after(2, null, 77) };
  assertEquals((await read(other)).warnings, [
    "run/best.safetensors belongs to another run than latest.safetensors, so it is not used",
  ]);
  assertEquals((await read(other)).foreign, [], "it may be of this run");
  await assertRejects(() => read(other, "best"), Error, "it belongs to another run");
  const begun = { latest: after(0, "a"), best: after(2, null) };
  await assertRejects(() => read(begun, "best"), Error, "it belongs to another run");
});

Deno.test("readRun() notices an older checkpoint that was copied over the latest", async () => {
  const { warnings } = await read({ latest: after(2, "a"), previous: after(4, "a") });
  assertEquals(warnings, [
    "run/latest.safetensors is older than other files of the run: an older checkpoint may have been copied over it; it was saved at step 2, but previous.safetensors at step 4",
  ]);
  const alone = await read({ latest: after(2, "a"), "metrics.jsonl": linesOf(after(4, "a")) });
  assertEquals(alone.warnings, [
    "run/latest.safetensors is older than other files of the run: an older checkpoint may have been copied over it; it has 2 epochs, but metrics.jsonl has 4",
  ]);
});

Deno.test("readRun() has no warning about the epoch of a save that was cut short", async () => {
  const { warnings } = await read({
    ...{ latest: after(2, "a"), best: after(3, "a"), "metrics.jsonl": linesOf(after(3, "a")) },
  });
  assertEquals(warnings, []);
});

Deno.test("readRun() has no warning about logs that it cannot read", async () => {
  for (const text of ["", "\n", "{", '{"epoch":"4"}', "\ud83d\ude00", "x".repeat(100_000)]) {
    const files = { latest: after(2, "a"), "events.jsonl": text, "metrics.jsonl": text };
    assertEquals((await read(files)).warnings, [], text.slice(0, 20));
  }
});
