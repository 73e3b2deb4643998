import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { openResultFile, type TaskResult } from "../../bench/tasks/result_file.ts";
import { formatResults } from "../../bench/tasks/result_table.ts";
import { TASKS } from "../../bench/tasks/task_list.ts";
import { G2P, INFLECTION, RIDGES, SCAN } from "../../bench/tasks/file_tasks.ts";
import { COPY, REVERSAL } from "../../bench/tasks/made_tasks.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { canRun, canUseFiles } from "../permissions.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

interface Printed {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function runBench(...args: string[]): Promise<Printed> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--cached-only", "-A", "bench/tasks.ts", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, error: error! };
}

/** Makes a folder of files by their paths, and removes it in the end. */
async function withFiles(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "carry-test-" });
  try {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}`, text);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes pairs of two letters and their names. */
function writePairs(count: number, from = 0): string {
  const letters = "abcdefgh";
  return Array.from({ length: count }, (_, i) => {
    const [a, b] = [letters[(from + i) % 8]!, letters[Math.floor((from + i) / 8) % 8]!];
    return `${a}${b}\t${a}ː ${b}ː\n`;
  }).join("");
}

Deno.test({
  name: "tasks find their files by name, in folders of the folder too",
  ignore: !canUseFiles,
  fn: () =>
    withFiles({
      "g2p/train/kor_train.tsv": "a\tb\n",
      "g2p/train/ady_train.tsv": "a\tb\n",
      "g2p/dev/kor_dev.tsv": "a\tb\n",
      "g2p/dev/ady_dev.tsv": "a\tb\n",
      "ridges/train.tsv": "a\tb\n",
      "ridges/dev.tsv": "a\tb\n",
      "ridges/test.tsv": "a\tb\n",
      "inflection/got_large.train": "a\tb\tV\n",
      "inflection/got_small.train": "a\tb\tV\n",
      "inflection/got.dev": "a\tb\tV\n",
      "inflection/got.test": "a\tV\n",
      "inflection/got.gold": "a\tb\tV\n",
      "scan/train_simple.txt": "IN: run twice OUT: I_RUN I_RUN\nIN: look OUT: I_LOOK\n",
    }, async (data) => {
      const dev = { data, made: data, side: "dev" } as const;
      const g2p = await G2P.findSets(dev);
      assertEquals(g2p.map(({ language }) => language), ["ady", "kor"]);
      assertEquals(g2p[1], {
        language: "kor",
        learned: [
          `--data=${data}/g2p/train/kor_train.tsv`,
          `--validation=${data}/g2p/dev/kor_dev.tsv`,
          "--target-separator= ",
        ],
        asked: `${data}/g2p/dev/kor_dev.tsv`,
      });
      const [ridges] = await RIDGES.findSets({ ...dev, side: "test" });
      assertEquals(ridges!.asked, `${data}/ridges/test.tsv`);
      const inflection = await INFLECTION.findSets({ ...dev, side: "test" });
      assertEquals(inflection.map(({ asked }) => asked), [`${data}/inflection/got.gold`]);
      const [scan] = await SCAN.findSets(dev);
      assertEquals(scan!.asked, null);
      const [pairs] = scan!.learned;
      assertEquals(
        await Deno.readTextFile(pairs!.replace("--data=", "")),
        "run twice\tI_RUN I_RUN\nlook\tI_LOOK\n",
      );
      const error = await assertRejects(
        () => G2P.findSets({ ...dev, side: "test" }),
        UsageError,
      );
      assertMatch(error.message, /Cannot ask the test side of .*ady_train.tsv.*"ady_test.tsv"/);
    }),
});

Deno.test({
  name: "made strings are the same every time, and no string is in two parts",
  ignore: !canUseFiles,
  fn: () =>
    withFiles({}, async (made) => {
      const request = { data: undefined, made } as const;
      const [copy] = await COPY.findSets({ ...request, side: "test" });
      const texts = await Promise.all(
        ["train", "dev", "test"].map((part) => Deno.readTextFile(`${made}/copy_${part}.tsv`)),
      );
      assertEquals(copy!.asked, `${made}/copy_test.tsv`);
      const questions = texts.flatMap((text) => text.trimEnd().split("\n"));
      assertEquals(questions.length, 14_000);
      assertEquals(new Set(questions).size, 14_000);
      assert(questions.every((line) => /^(\w{1,20})\t\1$/.test(line)));
      await COPY.findSets({ ...request, side: "dev" });
      assertEquals(await Deno.readTextFile(`${made}/copy_dev.tsv`), texts[1]);
      await REVERSAL.findSets({ ...request, side: "dev" });
      const [line] = (await Deno.readTextFile(`${made}/reversal_dev.tsv`)).split("\n");
      const [question, answer] = line!.split("\t");
      assertEquals([...answer!].reverse().join(""), question);
    }),
});

Deno.test("results are told by language, and as the mean of all languages for every seed", () => {
  const result = (language: string, seed: number, share: number): TaskResult => ({
    ...{ task: "g2p", language, side: "dev", seed, ensemble: 1, beams: [null], options: [] },
    ...{ commit: "", date: "" },
    ...{ pairs: 10, asked: 4, parameters: 1000, epochs: 2, seconds: 3, processorSeconds: null },
    figures: { "one model": [share] },
  });
  const table = formatResults(
    [result("ady", 1, 0.5), result("kor", 1, 1), result("ady", 2, 0.75), result("kor", 2, 0.75)],
    TASKS,
  );
  const cells = table.split("\n").slice(2).map((line) => line.split("|").map((s) => s.trim()));
  assertEquals(cells.map((row) => [row[2], ...row.slice(5, 8)]), [
    ["ady", "37.50", "25.00–50.00", "2"],
    ["kor", "12.50", "0.00–25.00", "2"],
    ["mean of 2", "25.00", "25.00–25.00", "2"],
  ]);
});

Deno.test({
  name: "a file with another line is refused as a file of results",
  ignore: !canUseFiles,
  fn: () =>
    withFiles({ "results.jsonl": '{"figures":{},"options":[]}\n{"event":"end"}\n' }, async (at) => {
      const error = await assertRejects(() => openResultFile(`${at}/results.jsonl`), UsageError);
      assertMatch(error.message, /every line must be a result of this bench, but line 2 is not/);
    }),
});

Deno.test({
  name: "bench:tasks trains and asks, keeps its results, and measures only what is missing",
  ignore: !canRun,
  fn: () =>
    withFiles({
      "aa_train.tsv": writePairs(48),
      "aa_dev.tsv": writePairs(16, 48),
    }, async (data) => {
      const file = `${data}/results.jsonl`;
      const args = ["--only=g2p", `--data=${data}`, `--json=${file}`];
      const small = ["--epochs=2", "--hidden-size=8", "--threads=1", "--backend=cpu"];
      const first = await runBench(...args, ...small);
      assertEquals([first.code, first.error.includes("training")], [0, true], first.error);
      assertMatch(first.out, /\| g2p \| aa \| one model \| word error rate \| \d/);
      const [line] = (await Deno.readTextFile(file)).split("\n");
      const { pairs, asked, epochs, parameters } = JSON.parse(line!);
      assertEquals([pairs, asked, epochs], [48, 16, 2]);
      assert(parameters > 0);
      const second = await runBench(...args, ...small, "--seeds=2", "--jobs=2");
      assertEquals(second.code, 0, second.error);
      assertMatch(second.error, /1 of 2 results are there/);
      assertEquals((await Deno.readTextFile(file)).trimEnd().split("\n").length, 2);
      assertEquals((await Deno.readTextFile(file)).split("\n")[0], line);
      const several = await runBench(...args, ...small, "--ensemble=2", "--beam=1,2");
      assertEquals(several.code, 0, several.error);
      const { figures } = JSON.parse((await Deno.readTextFile(file)).trimEnd().split("\n").at(-1)!);
      const shares = figures as Record<string, number[]>;
      assertEquals(Object.entries(shares).map(([by, { length }]) => [by, length]), [
        ["one model, greedy", 2],
        ["ensemble of 2, greedy", 1],
        ["one model, beam 2", 2],
        ["ensemble of 2, beam 2", 1],
      ]);
    }),
});

Deno.test({
  name: "bench:tasks says what it needs before it trains, with exit code 2",
  ignore: !canRun,
  fn: () =>
    withFiles({ "aa_train.tsv": writePairs(48), "aa_dev.tsv": writePairs(16) }, async (data) => {
      const wrong: [string[], RegExp][] = [
        [["--only=g2p"], /^Cannot measure g2p without --data DIR/],
        [["--only=g2p", "--data=/no/such"], /^Cannot read --data: .*"\/no\/such" cannot be listed/],
        [["--only=ridges", `--data=${data}`], /^Cannot measure ridges: .* has none of its files/],
        [["--only=g2p", `--data=${data}`, "--languages=bb"], /none is of the language "bb"/],
        [["--only=g2p", `--data=${data}`, "--side=test"], /there must be a file "aa_test.tsv"/],
        [["--only=g2p", `--data=${data}`, "--seeds=0"], /--seeds: it must be a positive integer/],
        [["--only=g2p", `--data=${data}`, "--epochs=0"], /epochs must be an integer/],
      ];
      for (const [args, message] of wrong) {
        const { code, out, error } = await runBench(...args);
        assertEquals([code, out], [2, ""], error);
        assertMatch(error.trim(), message);
      }
    }),
});
