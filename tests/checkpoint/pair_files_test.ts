import { assert, assertEquals, assertRejects } from "@std/assert";
import { measurePairFiles } from "../../src/checkpoint/measure_pair_files.ts";
import { locatePairFiles } from "../../src/checkpoint/locate_pairs.ts";
import { openPairDataset, openPairSplit } from "../../src/checkpoint/open_pairs.ts";
import { MissingPairsError, readPairFile } from "../../src/checkpoint/pair_files.ts";
import { ChangedPairsError } from "../../src/problem/pairs/changed_pairs.ts";
import { formatOf } from "../../src/problem/pairs/format_of.ts";
import { readExample } from "../../src/dataset/dataset.ts";
import type { MeasuredPairs } from "../../src/problem/pairs/pair_meter.ts";
import { createHolding } from "../../src/problem/pairs/hold_back.ts";
import { resolvePairs } from "../../src/problem/pairs/resolve_pairs.ts";
import { canRun, canUseFiles } from "../permissions.ts";
import { inFolder } from "../reliability/carry_process.ts";

const PAIRS = Array.from({ length: 60 }, (_, at) => `q${at % 40}\ta${at}\n`);

function measure(given: Record<string, unknown>): Promise<MeasuredPairs> {
  return measurePairFiles(resolvePairs(given), { reverse: true });
}

function test(name: string, fn: (folder: string) => Promise<void>): void {
  Deno.test({ name, ignore: !canUseFiles, fn: () => inFolder(fn) });
}

test("openPairSplit() gives every pair once, and no question on both sides", async (folder) => {
  const data = `${folder}/pairs.tsv`;
  await Deno.writeTextFile(data, PAIRS.join(""));
  const { settings, laidOut } = await measure({ data });
  const { training, validation } = await openPairSplit(settings, laidOut.layout);
  const [trained, held] = [training, validation].map((side) =>
    Array.from({ length: side.count }, (_, at) => readExample(side, at))
  );
  assertEquals(held!.length, settings.heldBack!.pairs);
  assertEquals(
    [...trained!, ...held!].map(({ question, answer }) => `${question}\t${answer}\n`).sort(),
    PAIRS.toSorted(),
  );
  const questions = new Set(trained!.map(({ question }) => question));
  assert(held!.every(({ question }) => !questions.has(question)));
});

test("a changed file that leaves a side without a pair is refused, and named", async (folder) => {
  const data = `${folder}/pairs.tsv`;
  await Deno.writeTextFile(data, PAIRS.join(""));
  const { settings, laidOut: { layout } } = await measure({ data });
  const holds = createHolding(settings.heldBack!, settings.seed);
  for (const side of [true, false]) {
    const kept = PAIRS.filter((line) => holds(line.split("\t")[0]!) === side);
    await Deno.writeTextFile(data, kept.join(""));
    const changed = await locatePairFiles(settings, { paths: {}, acceptsChanges: true });
    await assertRejects(
      () => openPairSplit(changed, layout),
      Error,
      `pairs.tsv": it must have pairs ${side ? "to learn from" : "that are held back"}`,
    );
  }
});

test("line ends and a byte order mark change the hash, but not the examples", async (folder) => {
  const text = PAIRS.join("");
  const variants = [text, text.replaceAll("\n", "\r\n"), `\ufeff${text}`, text.slice(0, -1)];
  const found = await Promise.all(variants.map(async (variant, at) => {
    const data = `${folder}/${at}.tsv`;
    await Deno.writeTextFile(data, variant);
    const { settings, laidOut } = await measure({ data });
    return { settings, split: await openPairSplit(settings, laidOut.layout) };
  }));
  assertEquals(
    new Set(found.map(({ settings }) => Reflect.get(Object(settings.data), "sha256"))).size,
    4,
  );
  for (const { split } of found.slice(1)) {
    assertEquals(split.training.sources, found[0]!.split.training.sources);
    assertEquals(split.validation.targets, found[0]!.split.validation.targets);
  }
});

test("a file that has changed between two readings is refused with both hashes", async (folder) => {
  const data = `${folder}/pairs.tsv`;
  await Deno.writeTextFile(data, PAIRS.join(""));
  const { settings, laidOut } = await measure({ data });
  for (const changed of [PAIRS.join("").replace("a7", "a8"), "ž\tž\n", "no pair\n", ""]) {
    await Deno.writeTextFile(data, changed);
    const error = await assertRejects(
      () => openPairSplit(settings, laidOut.layout),
      ChangedPairsError,
    );
    assert(/with the SHA-256 [0-9a-f]{64}, but it has [0-9a-f]{64}$/.test(error.message));
  }
});

test("a file that changes while it is read is refused", async (folder) => {
  const path = `${folder}/pairs.tsv`;
  await Deno.writeTextFile(path, PAIRS.join(""));
  const changes: Record<string, () => void> = {
    appended: () => Deno.writeTextFileSync(path, "x\ty\n", { append: true }),
    "cut short": () => Deno.truncateSync(path, 3),
    "written again": () => {
      Deno.writeTextFileSync(path, PAIRS.join("").replaceAll("a", "b"));
      Deno.utimeSync(path, 1, 1);
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    await Deno.writeTextFile(path, PAIRS.join(""));
    let changed = false;
    const take = (): void => {
      if (!changed) change();
      changed = true;
    };
    const read = (): Promise<unknown> =>
      readPairFile({ path, format: "tsv" }, resolvePairs({}), take);
    await assertRejects(read, Error, "it changed while it was read", what);
  }
});

test("a file that has moved is found where it is, if it is the same", async (folder) => {
  const [data, moved] = [`${folder}/a.tsv`, `${folder}/b.tsv`];
  await Deno.writeTextFile(data, PAIRS.join(""));
  const { settings } = await measure({ data });
  await Deno.rename(data, moved);
  const locate = (
    paths: { data?: string },
    acceptsChanges = false,
  ): ReturnType<typeof locatePairFiles> => locatePairFiles(settings, { paths, acceptsChanges });
  await assertRejects(() => locate({}), MissingPairsError, "there is no such file");
  assertEquals((await locate({ data: moved })).data, { ...Object(settings.data), path: moved });
  await Deno.writeTextFile(moved, "q\ta\n", { append: true });
  await assertRejects(() => locate({ data: moved }), ChangedPairsError);
  const { data: accepted, heldBack } = await locate({ data: moved }, true);
  assertEquals(Reflect.get(Object(accepted), "pairs"), 61);
  assertEquals(heldBack, settings.heldBack);
});

test("a changed file that is accepted and does not fit the model is refused with its line", async (folder) => {
  const data = `${folder}/a.tsv`;
  await Deno.writeTextFile(data, PAIRS.join(""));
  const { settings, laidOut: { layout } } = await measure({ data });
  for (
    const [line, message] of [["q1\tz\n", "a.tsv:61: every"], [
      "q12345\ta\n",
      "at most",
    ]] as const
  ) {
    await Deno.writeTextFile(data, PAIRS.join("") + line);
    const changed = await locatePairFiles(settings, { paths: {}, acceptsChanges: true });
    await assertRejects(() => openPairSplit(changed, layout), SyntaxError, message);
  }
});

test("test and validation files are read in formats of their own", async (folder) => {
  const [data, validation, test] = ["a.tsv", "b.jsonl", "c.NDJSON"].map((name) =>
    `${folder}/${name}`
  );
  await Deno.writeTextFile(data!, "a\t1\nb\t2\n");
  await Deno.writeTextFile(validation!, '{"question":"a","answer":"2"}\n');
  await Deno.writeTextFile(
    test!,
    '{"question":"ab","answer":"1"}\n{"question":"x","answer":"12"}\n',
  );
  const { settings, laidOut: { layout } } = await measure({ data, validation, test });
  assertEquals((await openPairSplit(settings, layout)).validation.count, 1);
  const dataset = await openPairDataset(settings, layout, "test");
  assertEquals(readExample(dataset, 1), { question: "\ufffd", answer: "12" });
});

test("a file that was not measured is not opened", async (folder) => {
  const data = `${folder}/a.tsv`;
  await Deno.writeTextFile(data, PAIRS.join(""));
  const { laidOut } = await measure({ data });
  await assertRejects(
    () => openPairSplit(resolvePairs({ data }), laidOut.layout),
    Error,
    "must be measured first",
  );
  await assertRejects(() => openPairSplit(resolvePairs({}), laidOut.layout), Error, "no data file");
});

test("a signal stops the reading", async (folder) => {
  const data = `${folder}/a.tsv`;
  await Deno.writeTextFile(data, PAIRS.join(""));
  const reason = new Error("stop");
  const signal = AbortSignal.abort(reason);
  const error = await assertRejects(() =>
    measurePairFiles(resolvePairs({ data }), { reverse: true, signal })
  );
  assertEquals(error, reason);
});

Deno.test({
  name: "only files are read: no directory, device or pipe",
  ignore: !canRun || Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const pipe = `${folder}/pipe`;
      await new Deno.Command("mkfifo", { args: [pipe] }).output();
      for (
        const [data, kind] of [[folder, "a directory"], ["/dev/zero", "a device"], [
          pipe,
          "a named pipe",
        ]] as const
      ) {
        await assertRejects(
          () => measure({ data }),
          Error,
          `it must be a file, but is ${kind}; pairs are read twice, so that they must be in a file`,
        );
      }
      await assertRejects(() => measure({ data: `${folder}/none` }), Error, "no such file");
    }),
});

Deno.test("formatOf() reads JSON lines if the name says so", () => {
  assertEquals(
    ["a.tsv", "a.jsonl", "a.NDJSON", "jsonl", "a.json"].map((path) => formatOf(path, "auto")),
    ["tsv", "jsonl", "jsonl", "tsv", "tsv"],
  );
  assertEquals(formatOf("a.tsv", "jsonl"), "jsonl");
});
