import { assertEquals, assertMatch } from "@std/assert";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { canRun } from "../permissions.ts";
import { type Ending, inFolder, runCarry } from "../reliability/carry_process.ts";

const PAIRS = Array.from({ length: 80 }, (_, at) => {
  const question = at.toString(3).replace(/[012]/g, (digit) => "xyz"[Number(digit)]!);
  return `${question}\t${question.toUpperCase()}\n`;
}).join("");
const TINY = ["--hidden-size=8", "--batch-size=8", "--backend=cpu", "--samples=0", "--json"];

function carry(folder: string, ...args: readonly string[]): Promise<Ending> {
  return runCarry(args, { permissions: [`--allow-read=${folder}`, `--allow-write=${folder}`] });
}

function test(name: string, fn: (folder: string) => Promise<void>): void {
  Deno.test({ name, ignore: !canRun, fn: () => inFolder(fn) });
}

test("train --data trains on pairs, and evaluate and predict know them", async (folder) => {
  const [data, run] = [`${folder}/pairs.tsv`, `${folder}/run`];
  await Deno.writeTextFile(data, PAIRS);
  const trained = await carry(
    folder,
    "train",
    `--data=${data}`,
    `--run=${run}`,
    "--epochs=2",
    ...TINY,
  );
  assertEquals(trained.code, 0, trained.stderr);
  const start = JSON.parse(trained.lines[0]!);
  assertEquals([start.trainingExamples, start.validationExamples], [72, 8]);
  assertEquals(start.problem.data.path, data);
  assertMatch(start.problem.data.sha256, /^[0-9a-f]{64}$/);
  assertMatch(trained.stderr, /80 pairs/);
  const asked = await carry(folder, "predict", `--run=${run}`, "xy", "q");
  assertMatch(asked.stderr, /every character must be one of "xyz"/);
  const evaluated = await carry(folder, "evaluate", `--run=${run}`, "--json");
  assertEquals(evaluated.code, 0, evaluated.stderr);
});

test("a run of pairs that is stopped and resumed equals one without a stop, bit for bit", async (folder) => {
  const data = `${folder}/pairs.jsonl`;
  const lines = PAIRS.trim().split("\n").map((line) => {
    const [question, answer] = line.split("\t");
    return JSON.stringify({ question, answer });
  });
  await Deno.writeTextFile(data, lines.join("\n"));
  const train = (run: string, ...more: readonly string[]): Promise<Ending> =>
    carry(folder, "train", `--run=${folder}/${run}`, ...TINY, ...more);
  const options = [`--data=${data}`, "--schedule=constant", "--learning-rate=0.01"];
  await train("whole", ...options, "--epochs=4");
  await train("parts", ...options, "--epochs=2");
  const resumed = await train("parts", "--resume", "--epochs=4");
  assertEquals(resumed.code, 0, resumed.stderr);
  const [whole, parts] = await Promise.all(
    ["whole", "parts"].map((run) => readRun(`${folder}/${run}`)),
  );
  assertEquals(parts!.checkpoint.parameters, whole!.checkpoint.parameters);
});

test("a run is not resumed with a changed file unless that is asked for", async (folder) => {
  const [data, moved, run] = ["pairs.tsv", "moved.tsv", "run"].map((name) => `${folder}/${name}`);
  await Deno.writeTextFile(data!, PAIRS);
  const options = ["--schedule=constant", "--learning-rate=0.01", `--run=${run}`, ...TINY];
  await carry(folder, "train", `--data=${data}`, "--epochs=1", ...options);
  const resume = (...more: readonly string[]): Promise<Ending> =>
    carry(folder, "train", "--resume", "--epochs=2", `--run=${run}`, ...TINY, ...more);
  await Deno.rename(data!, moved!);
  assertMatch(
    (await resume()).stderr,
    /there is no such file; --data FILE names the place where it is now/,
  );
  await Deno.writeTextFile(moved!, PAIRS.replace("yx\tYX", "yx\tXY"));
  const refused = await resume(`--data=${moved}`);
  assertEquals(refused.code, 1);
  assertMatch(
    refused.stderr,
    /with the SHA-256 [0-9a-f]{64}, but it has [0-9a-f]{64}; --changed-data continues/,
  );
  const changed = await resume(`--data=${moved}`, "--changed-data");
  assertEquals(changed.code, 0, changed.stderr);
  const { checkpoint } = await readRun(run!);
  assertEquals(Reflect.get(Object(checkpoint.problem.data), "path"), moved);
  assertEquals(checkpoint.progress.history.length, 2);
});

test("options of pairs are refused where they have no effect", async (folder) => {
  const data = `${folder}/pairs.tsv`;
  await Deno.writeTextFile(data, PAIRS);
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["train", "--validation=x"], /Cannot use --validation without --data FILE/],
    [["train", "--split=0.2"], /Cannot use --split without --data FILE/],
    [["train", `--data=${data}`, "--problem=dates"], /Cannot use both --data and --problem/],
    [["train", `--data=${data}`, "--digits=2"], /Cannot use --digits with the problem pairs/],
    [["train", `--data=${data}`, "--changed-data"], /Cannot use --changed-data without --resume/],
    [["train", `--data=${data}`, `--validation=${data}`, "--split=10%"], /split must be left out/],
    [["check"], /it needs a file/],
    [["check", data, data], /check takes one file/],
  ];
  const endings = await Promise.all(cases.map(([args]) => carry(folder, ...args)));
  endings.forEach((ending, at) => {
    assertEquals(ending.code, 2, `${cases[at]![0]}`);
    assertMatch(ending.stderr, cases[at]![1]);
  });
});

test("options that no training can have are refused before any pairs are read", async (folder) => {
  const train = ["train", `--data=${folder}/missing.tsv`];
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["--dropout=1"], /dropout must be from 0 to below 1, but is 1/],
    [["--dropout=0.2", "--decoder=repeat"], /dropout must be 0 with the decoder repeat/],
    [["--label-smoothing=1"], /labelSmoothing must be from 0 to below 1, but is 1/],
    [["--batch-size=0"], /batchSize must be an integer from 1/],
    [["--hidden-size=15"], /hiddenSize must be even in a bidirectional model/],
    [["--embedding-size=0"], /embeddingSize must be 1 or more with the decoder attention/],
    [["--ensemble=1"], /must be an integer from 2 to 100, but is 1/],
  ];
  const endings = await Promise.all(
    cases.map(([options]) => carry(folder, ...train, ...options)),
  );
  endings.forEach((ending, at) => {
    assertEquals(ending.code, 2, `${cases[at]![0]}`);
    assertMatch(ending.stderr, cases[at]![1]);
  });
});

test("check prints one object of JSON, and names a bad line with the way out", async (folder) => {
  const data = `${folder}/pairs.tsv`;
  await Deno.writeTextFile(data, PAIRS + "bad\n");
  const refused = await carry(folder, "check", data);
  assertEquals(refused.code, 1);
  assertMatch(
    refused.stderr,
    /pairs\.tsv:81: the line must have 2 columns.*; --bad-lines skip leaves such lines out/,
  );
  const checked = await carry(folder, "check", data, "--bad-lines=skip", "--json");
  assertEquals([checked.code, checked.lines.length], [0, 1]);
  const report = JSON.parse(checked.lines[0]!);
  assertEquals([report.data.report.pairs, report.data.report.badLines, report.held.pairs], [
    80,
    1,
    8,
  ]);
  assertEquals(report.layout.source.symbols, ["", "x", "y", "z"]);
});
