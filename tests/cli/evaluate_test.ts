import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { EvaluationReport, ReportHead } from "../../src/evaluation/report.ts";
import { canRun } from "../permissions.ts";
import { inFolder, runCarry, TINY_ARGUMENTS } from "../reliability/carry_process.ts";

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command with the run of a folder, and with permission for this folder. */
async function runIn(folder: string, command: string, ...args: string[]): Promise<Result> {
  const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
  const { code, lines, stderr } = await runCarry([command, `--run=${folder}/run`, ...args], {
    permissions,
  });
  return { code, stdout: lines.map((line) => `${line}\n`).join(""), stderr };
}

/** A test with a run of sums of one digit. */
function testEvaluate(
  name: string,
  body: (evaluate: (...args: string[]) => Promise<Result>, folder: string) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: !canRun,
    fn: () =>
      inFolder(async (folder) => {
        const trained = await runIn(folder, "train", ...TINY_ARGUMENTS, "--epochs=3");
        assertEquals(trained.code, 0, trained.stderr);
        await body((...args) => runIn(folder, "evaluate", ...args), folder);
      }),
  });
}

testEvaluate("evaluate --every asks all sums, and says which were held out", async (evaluate) => {
  const { code, stdout } = await evaluate("--every", "--json", "--worst=3");
  assertEquals(code, 0);
  const report = JSON.parse(stdout);
  assertEquals([report.examples, report.complete, report.refused], [100, true, 0]);
  assertEquals(report.exactMatchInterval, { low: report.exactMatch, high: report.exactMatch });
  assertEquals(report.worst.length, 3);
  const { cells } = report.groups.find(({ name }: { name: string }) => name === "origin");
  const counts = Object.fromEntries(
    cells.map(({ key, examples }: { key: string; examples: number }) => [key, examples]),
  );
  assertEquals(Object.keys(counts).sort(), ["held out", "trained on"]);
  assertEquals(counts["held out"] + counts["trained on"], 100);
  assertEquals(
    report.edgeCases.examples - report.edgeCases.right,
    report.edgeCases.failures.length,
  );
  assertStringIncludes(report.beyond.reason, "the model has room for 3");
});

testEvaluate(
  "evaluate --data asks a file; what the model cannot be asked is wrong",
  async (evaluate, folder) => {
    const lines = ["1+1\t2", "007+1\t8", "12+34\t46", "x\ty", "1+2\t333"];
    await Deno.writeTextFile(`${folder}/sums.tsv`, lines.join("\n"));
    const { code, stdout, stderr } = await evaluate("--json", `--data=${folder}/sums.tsv`);
    assertEquals(code, 0, stderr);
    const report = JSON.parse(stdout);
    assertEquals([report.examples, report.refused], [5, 3]);
    assertMatch(report.refusedReason, /12\+34/);
    const text = (await evaluate(`--data=${folder}/sums.tsv`)).stdout;
    assertStringIncludes(text, "Not to be answered");
    await Deno.writeTextFile(`${folder}/none.tsv`, "x\ty\n");
    const none = await evaluate(`--data=${folder}/none.tsv`);
    assertEquals(none.code, 1);
    assertMatch(none.stderr, /can do so for none: it cannot \w+ "x": /);
    const missing = await evaluate(`--data=${folder}/nowhere.tsv`);
    assertEquals([missing.code, missing.stderr.trimEnd().split("\n").length], [1, 1]);
  },
);

testEvaluate(
  "evaluate --out writes a page, and replaces none unasked",
  async (evaluate, folder) => {
    const path = `${folder}/report.html`;
    const first = await evaluate(`--out=${path}`);
    assertEquals(first.code, 0, first.stderr);
    assertStringIncludes(first.stderr, `Wrote ${path}`);
    const page = await Deno.readTextFile(path);
    assert(page.startsWith("<!DOCTYPE html>"));
    const second = await evaluate(`--out=${path}`);
    assertEquals(second.code, 2);
    assertEquals(second.stdout, ""); // nothing was computed
    assertStringIncludes(second.stderr, "--overwrite");
    assertEquals((await evaluate(`--out=${path}`, "--overwrite")).code, 0);
    assertEquals(await Deno.readTextFile(path), page);
  },
);

testEvaluate("evaluate refuses options that it cannot follow, in a sentence", async (evaluate) => {
  const refused: [string[], RegExp][] = [
    [["--split=test"], /has none/],
    [["--split=all"], /validation, test, training/],
    [["--every", "--split=training"], /--split and --every together/],
    [["--worst=-1"], /--worst: it must be an integer from 0 to 1000/],
    [["--worst=x"], /must be a number/],
    [["--overwrite"], /without --out/],
    [["sums.tsv"], /--data a file/],
  ];
  for (const [args, message] of refused) {
    const { code, stdout, stderr } = await evaluate(...args);
    assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [2, "", 1], stderr);
    assertMatch(stderr, message);
  }
});

testEvaluate("evaluate --split training asks what was trained on", async (evaluate) => {
  const { examples, asked } = JSON.parse((await evaluate("--split=training", "--json")).stdout);
  assertEquals([examples, asked], [50, "the training split"]);
});

Deno.test({
  name: "evaluate of pairs compares with memorising and copying, and asks the test file",
  ignore: !canRun,
  fn: () =>
    inFolder(async (folder) => {
      const write = (name: string, pairs: readonly string[]): Promise<void> =>
        Deno.writeTextFile(`${folder}/${name}`, pairs.join("\n"));
      const words = Array.from({ length: 60 }, (_, i) => `w${i}`);
      await write("train.tsv", words.map((word) => `${word}\t${word}`));
      await write("dev.tsv", ["w1\tw1", "w2\tw3", "w99\tw99"]);
      await write("test.tsv", ["w1\tw1", "w777777\tw7", "w1\t_"]);
      const files = ["data", "validation", "test"].map((name, i) =>
        `--${name}=${folder}/${["train", "dev", "test"][i]}.tsv`
      );
      const options = [
        "--hidden-size=8",
        "--epochs=1",
        "--backend=cpu",
        "--cell=gru",
        "--format=tsv",
      ];
      const trained = await runIn(folder, "train", ...files, ...options);
      assertEquals(trained.code, 0, trained.stderr);
      const evaluate = async (...args: string[]): Promise<EvaluationReport & ReportHead> => {
        const { code, stdout, stderr } = await runIn(folder, "evaluate", "--json", ...args);
        assertEquals(code, 0, stderr);
        return JSON.parse(stdout);
      };
      const dev = await evaluate();
      const seen = dev.groups.find(({ name }) => name === "seen")!;
      const unseen = seen.cells.find(({ key }) => key === "no")!.right;
      const [memory, ...others] = dev.baselines;
      assertEquals(others, [
        { name: "memorising", title: "memorising the training", right: 1, exactMatch: 1 / 3 },
        { name: "copying", title: "copying the question", right: 2, exactMatch: 2 / 3 },
      ]);
      assertEquals([memory!.name, memory!.right], ["memory", 1 + unseen]);
      const remembered = await evaluate("--memory");
      assertEquals([remembered.right, remembered.baselines], [memory!.right, others]);
      assertEquals(seen.cells.map(({ key, examples }) => [key, examples]), [
        ["no", 1],
        ["with another answer", 1],
        ["yes", 1],
      ]);
      const test = await evaluate("--split=test");
      const asked = [test.asked, test.examples, test.refused];
      assertEquals(asked, ["the test file, with a beam of 5", 3, 0]);
      await write("other.tsv", ["w1\tw1", "w2\tw2?", `${"w".repeat(99)}\tw`]);
      const other = await evaluate(`--data=${folder}/other.tsv`);
      assertEquals([other.examples, other.refused], [3, 2]);
      assertMatch(other.refusedReason!, /the answer "w2\?" has the symbol "\?", which the model/);
      await write("other.jsonl", ["w1\tw1"]);
      assertEquals((await evaluate(`--data=${folder}/other.jsonl`)).examples, 1); // in the format of the run
      await write("train.tsv", ["w1\tw1", "w2\tw2"]);
      const without = await runIn(folder, "evaluate", `--data=${folder}/dev.tsv`, "--json");
      assertMatch(without.stderr, /^Not compared with the training: /);
      assertEquals(JSON.parse(without.stdout).baselines, []);
      const changed = await runIn(folder, "evaluate");
      assertMatch(changed.stderr, /must be the file that was measured/);
    }),
});

Deno.test({
  name:
    "evaluate --data of a run that leaves out bad lines: a long text is wrong, and a bad line is said",
  ignore: !canRun,
  fn: () =>
    inFolder(async (folder) => {
      const write = (name: string, lines: readonly string[]): Promise<void> =>
        Deno.writeTextFile(`${folder}/${name}`, lines.join("\n"));
      await write("train.tsv", Array.from({ length: 20 }, (_, i) => `w${i}\ta${i}`));
      const options = ["--hidden-size=8", "--epochs=1", "--backend=cpu", "--cell=gru"];
      const reading = [`--data=${folder}/train.tsv`, "--max-length=3", "--bad-lines=skip"];
      const trained = await runIn(folder, "train", ...reading, ...options);
      assertEquals(trained.code, 0, trained.stderr);
      await write("more.tsv", ["w1\ta1", "w1111\ta1", "no tab", "w2\ta2"]);
      const { stdout, stderr } = await runIn(
        folder,
        "evaluate",
        `--data=${folder}/more.tsv`,
        "--json",
      );
      const { examples, refused, refusedReason } = JSON.parse(stdout);
      assertEquals([examples, refused], [3, 1]);
      assertMatch(refusedReason, /has 5 symbols, but the model has room for 3/);
      assertMatch(stderr, /^Left out 1 bad line, such as .*more\.tsv:3: the line must have 2 col/);
    }),
});
