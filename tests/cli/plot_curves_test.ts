// deno-lint-ignore-file no-console -- what the command prints is what is tested
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { parseOptions } from "../../src/cli/options.ts";
import { PLOT_COMMAND } from "../../src/cli/plot_command.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { createModel } from "../../src/model/create_model.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { canUseFiles } from "../permissions.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";
import { makeHistory } from "../training/learning_history.ts";

const device = await chooseDevice("cpu");

/** A test in its own folder. */
function testPlot(
  name: string,
  body: (plot: (...args: string[]) => Promise<string>, folder: string) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: !canUseFiles,
    async fn(): Promise<void> {
      const folder = await Deno.makeTempDir({ prefix: "carry-" });
      try {
        await body((...args) => runPlot(args), folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** Gives what `plot` prints to standard output. */
async function runPlot(args: string[]): Promise<string> {
  const { log } = console;
  const lines: string[] = [];
  console.log = (line: string): number => lines.push(line);
  try {
    const code = await PLOT_COMMAND.run(parseOptions(args, PLOT_COMMAND.options));
    assertEquals(code, 0);
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}

/** Saves a run with these epochs. */
async function saveRun(path: string, epochs: number): Promise<string> {
  using model = await createModel(TINY_MODEL, { device, seed: 1 });
  using training = createTraining(model);
  const checkpoint = await takeCheckpoint(training, TINY_PROBLEM);
  const history = makeHistory(epochs, 0.5);
  const progress = { ...checkpoint.progress, step: history.at(-1)?.step ?? 0, history };
  using run = await openRun(path);
  await saveToRun(run, { ...checkpoint, progress });
  return path;
}

testPlot("plot --curves writes curves.svg into the run", async (plot, folder) => {
  const run = await saveRun(`${folder}/a&b`, 3);
  assertEquals(await plot("--curves", run), `${run}/curves.svg`);
  const svg = await Deno.readTextFile(`${run}/curves.svg`);
  assertMatch(svg, /<title>Learning curves of a&amp;b<\/title>/);
  assertMatch(svg, /exact match 75\.00 %/);
});

testPlot("plot --curves writes several runs into one PNG", async (plot, folder) => {
  const [a, b] = [await saveRun(`${folder}/a`, 2), await saveRun(`${folder}/b`, 4)];
  const file = `${folder}/both.PNG`;
  assertEquals(await plot("--curves", a, b, "--to-file", file), file);
  const png = await Deno.readFile(file);
  assertEquals(png.subarray(0, 8).toHex(), "89504e470d0a1a0a");
  assertEquals(new DataView(png.buffer).getUint32(16), 2 * 840);
});

testPlot("plot --curves gives runs different names", async (plot, folder) => {
  const runs = [];
  for (const name of ["x/run", "y/run", "z/other"]) {
    runs.push(await saveRun(`${folder}/${name}`, 1));
  }
  const file = `${folder}/curves.svg`;
  const titleOf = async (...paths: string[]): Promise<string> => {
    await plot("--curves", ...paths, `--to-file=${file}`, "--overwrite");
    return (await Deno.readTextFile(file)).match(/<desc>(.*)<\/desc>/)![1]!;
  };
  const said = ": exact match 0.00 % after epoch 1";
  assertEquals(await titleOf(runs[0]!, `${runs[2]}/`), `run${said}; other${said}`);
  assertEquals(
    await titleOf(...runs),
    `x/run${said}; y/run${said}; z/other${said}`,
  );
});

testPlot("plot replaces a picture only with --overwrite", async (plot, folder) => {
  const run = await saveRun(`${folder}/run`, 1);
  for (const args of [["--curves", run], [`--run=${run}`]]) {
    const file = await plot(...args);
    const before = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, "mine");
    await assertRejects(() => plot(...args), UsageError, "add --overwrite to replace it");
    assertEquals(await Deno.readTextFile(file), "mine");
    await plot(...args, "--overwrite");
    assertEquals(await Deno.readTextFile(file), before);
  }
});

testPlot("plot --curves --terminal prints charts, and writes no file", async (plot, folder) => {
  const [a, b] = [await saveRun(`${folder}/a`, 2), await saveRun(`${folder}/b`, 4)];
  const before = namesIn(a);
  const lines = (await plot("--curves", "--terminal", a, b)).split("\n");
  assertEquals(lines.length, 2 * 9 + 1);
  assertEquals([lines[0], lines[10]], ["a, exact match 50.00 %", "b, exact match 87.50 %"]);
  assertMatch(lines[1]!, /^Exact match {2,}Validation loss/);
  assert(lines[12]!.includes("█"));
  assertEquals(namesIn(a), before);
});

testPlot("plot --curves refuses a run without an epoch", async (plot, folder) => {
  const [none, some] = [await saveRun(`${folder}/none`, 0), await saveRun(`${folder}/some`, 2)];
  for (const how of ["--terminal", `--to-file=${folder}/curves.svg`]) {
    await assertRejects(
      () => plot("--curves", some, none, how),
      Error,
      `Cannot plot curves of "${none}": the run must have at least one completed epoch, but has none`,
    );
  }
  assert(!namesIn(folder).includes("curves.svg"));
});

testPlot("plot refuses options that do not go together, before it reads a run", async (plot) => {
  const wrong: [string[], string][] = [
    [["--curves", "a", "b"], "name a file with --to-file, or add --terminal"],
    [["--curves", "a", "b", "./a", "a", "--terminal"], '"a" is named more than once'],
    [["--curves", "a", "--run=b"], "--run are both given"],
    [["--curves", "a", "--layers=2"], "options that describe a model cannot be used with --curves"],
    [["--curves", "a", "--terminal", "--to-file=a.svg"], "exclude each other"],
    [["--curves", "a", "--to-file=a.gif"], "must end in .svg or .png"],
    [["--curves=a"], "--curves takes no value"],
    [["--terminal"], "--terminal requires --curves"],
    [["a"], "without --curves, plot takes options only"],
  ];
  for (const [args, message] of wrong) {
    await assertRejects(() => plot(...args), UsageError, message);
  }
});

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}
