import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Comparison } from "../../src/evaluation/comparison.ts";
import { canRun } from "../permissions.ts";
import { type Ending, inFolder, runCarry, TINY_ARGUMENTS } from "../reliability/carry_process.ts";

const ALL = { permissions: ["-A"] };

/** A test with two runs of the same questions, and one of others. */
function test(name: string, body: (folder: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canRun,
    fn: () =>
      inFolder(async (folder) => {
        const runs = [["short", "--epochs=1"], ["long", "--epochs=30"], ["other", "--seed=9"]];
        for (const [run, option] of runs) {
          const args = [
            "train",
            ...TINY_ARGUMENTS,
            "--epochs=1",
            option!,
            `--run=${folder}/${run}`,
          ];
          const { code, stderr } = await runCarry(args);
          assertEquals(code, 0, stderr);
        }
        await body(folder);
      }),
  });
}

function compare(...args: readonly string[]): Promise<Ending> {
  return runCarry(["evaluate", "--compare", ...args], ALL);
}

test("evaluate --compare has the figures of each run alone, as JSON, text and page", async (folder) => {
  const runs = [`${folder}/short`, `${folder}/long`];
  const page = `${folder}/page.html`;
  const { code, lines, stderr } = await compare(
    ...runs,
    "--json",
    `--out=${page}`,
    "--split=training",
  );
  assertEquals(code, 0, stderr);
  const comparison: Comparison = JSON.parse(lines[0]!);
  for (const [i, run] of runs.entries()) {
    const alone = await runCarry(["evaluate", `--run=${run}`, "--json", "--split=training"], ALL);
    const { right, exactMatch, exactMatchInterval } = JSON.parse(alone.lines[0]!);
    const { step: _step, ...compared } = comparison.runs[i]!;
    assertEquals(compared, { run, right, exactMatch, ...exactMatchInterval });
  }
  const [pair] = comparison.pairs;
  assertEquals(pair!.both + pair!.onlyFirst + pair!.onlySecond + pair!.neither, 50);
  assertEquals(comparison.differing, pair!.onlyFirst + pair!.onlySecond);
  const text = (await compare(...runs, "--split=training")).lines.join("\n");
  assertStringIncludes(text, "Difference in percentage points, the second less the first");
  const written = await Deno.readTextFile(page);
  assertStringIncludes(written, "<h1>Comparison of 2 runs</h1>");
  assert(!/NaN|undefined|\[object|\\n/.test(written));
});

test("evaluate --compare refuses runs with other held-out examples, unless a file gives the examples", async (folder) => {
  const runs = [`${folder}/short`, `${folder}/other`];
  const refused = await compare(...runs);
  assertEquals(refused.code, 2);
  assertMatch(refused.stderr, /must be asked the same examples, but example \d+ is .*--data FILE/);
  await Deno.writeTextFile(`${folder}/asked.tsv`, "1+1\t2\n12345\t6\n2+3\t5\n");
  const { code, lines, stderr } = await compare(...runs, `--data=${folder}/asked.tsv`, "--json");
  assertEquals(code, 0, stderr);
  assertEquals(JSON.parse(lines[0]!).examples, 3);
});

test("evaluate --compare of runs with pairs reads their files only where it asks these", async (folder) => {
  const pairs = `${folder}/pairs.tsv`;
  const text = Array.from({ length: 20 }, (_, i) => `${i}+1\t${i + 1}\n`).join("");
  await Deno.writeTextFile(pairs, text);
  const runs = [`${folder}/first`, `${folder}/second`];
  for (const [i, run] of runs.entries()) {
    const small = ["--hidden-size=4", "--epochs=1", "--backend=cpu", `--seed=${i}`];
    const trained = await runCarry(["train", `--data=${pairs}`, `--run=${run}`, ...small], ALL);
    assertEquals(trained.code, 0, trained.stderr);
  }
  await Deno.rename(pairs, `${folder}/asked.tsv`);
  const { code, stderr } = await compare(...runs, `--data=${folder}/asked.tsv`);
  assertEquals([code, stderr], [0, ""]);
});

test("evaluate --compare is refused where it says nothing", async (folder) => {
  const [short, long] = [`${folder}/short`, `${folder}/long`];
  const refused: readonly (readonly [args: string[], reason: RegExp])[] = [
    [[short], /2 to 20 runs must be named after --compare, but 1 is/],
    [[short, short], /is named twice/],
    [[short, long, `${folder}/.//short/`], /short\/" is named twice/],
    [[short, long, "--every"], /leave --every out/],
    [[short, long, `--run=${long}`], /not with --run/],
  ];
  for (const [args, reason] of refused) {
    const { code, stderr } = await compare(...args);
    assertEquals(code, 2);
    assertMatch(stderr, reason);
  }
});
