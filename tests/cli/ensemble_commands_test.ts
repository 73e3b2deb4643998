import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readEnsemble } from "../../src/checkpoint/ensemble_file.ts";
import { loadEnsemble } from "../../src/checkpoint/load_ensemble.ts";
import { loadModel } from "../../src/checkpoint/load_model.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { predict } from "../../src/model/predict.ts";
import { canRun } from "../permissions.ts";
import { type Ending, inFolder, runCarry, TINY_ARGUMENTS } from "../reliability/carry_process.ts";

/** A test with an ensemble of three models. */
function test(name: string, body: (run: string, folder: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canRun,
    fn: () =>
      inFolder(async (folder) => {
        const run = `${folder}/run-0001`;
        const args = ["train", ...TINY_ARGUMENTS, "--ensemble=3", "--epochs=2", `--run=${run}`];
        const { code, stderr } = await runCarry(args);
        assertEquals(code, 0, stderr);
        await body(run, folder);
      }),
  });
}

function carry(run: string, ...args: readonly string[]): Promise<Ending> {
  return runCarry([...args, `--run=${run}`]);
}

const ALL = { permissions: ["-A"] };

test("predict asks an ensemble, and loadEnsemble() gives the same answers with their agreement", async (run) => {
  const device = await chooseDevice("cpu");
  for (const combine of ["mean", "vote"] as const) {
    const { code, lines, stderr } = await carry(
      run,
      "predict",
      "3+4",
      "--json",
      `--combine=${combine}`,
    );
    assertEquals(code, 0, stderr);
    using ensemble = await loadEnsemble(run, { device, combine });
    assertEquals(lines.map((line) => JSON.parse(line)), await predict(ensemble, ["3+4"]));
    assertEquals(ensemble.models.length, 3);
  }
});

test("an ensemble with a model that has not begun answers with the others, and says so; the library refuses it", async (run) => {
  await Deno.remove(`${run}/member-3`, { recursive: true });
  const { code, stderr } = await carry(run, "predict", "3+4");
  assertEquals(code, 0);
  assertStringIncludes(stderr, "2 of 3 models of the ensemble answer");
  const error = await loadEnsemble(run).catch((error) => error.message);
  assertStringIncludes(error, "must have 3 models, but 2 have begun");
});

test("loadModel() refuses an ensemble and names one of its models; --combine refuses a single model", async (run) => {
  const error = await loadModel(run).catch((error) => error.message);
  assertStringIncludes(error, `name one of them, such as "${run}/member-1"`);
  using _model = await loadModel(`${run}/member-1`, { device: await chooseDevice("cpu") });
  const { code, stderr } = await carry(`${run}/member-1`, "predict", "3+4", "--combine=vote");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "is one model, not an ensemble");
});

test(
  "runs lists an ensemble as one run, and with its models if it is named",
  async (run, folder) => {
    const listed = await runCarry(["runs", folder, "--json"], ALL);
    const [row] = listed.lines.map((line) => JSON.parse(line));
    assertEquals(
      [listed.lines.length, row.run, row.models, row.epochs, row.plannedEpochs],
      [1, run, 3, 6, 6],
    );
    const named = await runCarry(["runs", run, "--json"], ALL);
    const members = named.lines.map((line) => JSON.parse(line));
    assertEquals(members.map(({ models }) => models), [3, 1, 1, 1]);
    const matches = members.slice(1).map(({ exactMatch }) => exactMatch);
    assertEquals(row.exactMatch, matches.reduce((a, b) => a + b, 0) / 3);
  },
);

test("summary and plot show an ensemble; export refuses it", async (run) => {
  const summary = JSON.parse((await carry(run, "summary", "--json")).lines[0]!);
  assertEquals(summary.models, 3);
  assertStringIncludes(
    (await carry(run, "summary")).lines.at(-1)!,
    "The ensemble has 3 such models",
  );
  assertEquals((await carry(run, "plot")).lines, [`${run}/model.svg`]);
  const { lines } = await carry(run, "plot", "--curves", "--terminal");
  assertEquals(lines.filter((line) => /^run-0001\/member-\d, /.test(line)).length, 3);
  const refused = await runCarry(["export", "--to=page", `${run}/page.html`, `--run=${run}`]);
  assertEquals(refused.code, 2);
  assertMatch(
    refused.stderr,
    /a page holds one model; name one of its models, as in --run .*member-1/,
  );
});

test(
  "runs delete removes an ensemble with its models, and refuses a model of it alone",
  async (run, folder) => {
    const refused = await runCarry(["runs", "delete", `${run}/member-2`, "--yes"], ALL);
    assertEquals(refused.code, 1);
    assertMatch(refused.stderr, /it is a model of the ensemble/);
    await Deno.writeTextFile(`${run}/member-2/notes.txt`, "mine");
    const kept = await runCarry(["runs", "delete", run, "--yes", "--json"], ALL);
    assertEquals(JSON.parse(kept.lines[0]!).left, ["member-2"]);
    assertEquals(await readEnsemble(run), undefined);
    await Deno.remove(`${run}/member-2`, { recursive: true });
    assertEquals([...await Array.fromAsync(Deno.readDir(run))], []);
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 1);
  },
);

test("runs says why an ensemble cannot be read", async (run, folder) => {
  await Deno.writeTextFile(`${run}/ensemble.json`, "{");
  const { code, lines, stderr } = await runCarry(["runs", folder], ALL);
  assertEquals(code, 0);
  assertEquals(lines.length, 2);
  assertStringIncludes(stderr, "Cannot read the ensemble");
});

test(
  "evaluate measures each model of an ensemble and all together, as text, JSON and page",
  async (run, folder) => {
    const page = `${folder}/report.html`;
    const whole = await runCarry(["evaluate", `--run=${run}`, "--json", `--out=${page}`], ALL);
    assertEquals(whole.code, 0, whole.stderr);
    const { ensemble, members, step } = JSON.parse(whole.lines[0]!);
    assertEquals(members, [1, 2, 3]);
    let steps = 0;
    for (const [i, { right }] of ensemble.members.entries()) {
      const alone = await carry(`${run}/member-${i + 1}`, "evaluate", "--json");
      const found = JSON.parse(alone.lines[0]!);
      assertEquals([found.right, found.ensemble], [right, null]);
      steps += found.step;
    }
    assertEquals(step, steps);
    const { lines } = await carry(run, "evaluate", "--combine=vote");
    const text = lines.join("\n");
    for (const row of ["model 1", "model 3", "mean of the models", "together"]) {
      assertStringIncludes(text, `\n  ${row}`);
    }
    assertStringIncludes(
      await Deno.readTextFile(page),
      "<h2>Each model alone, and all together</h2>",
    );
  },
);
