import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { formatSize, layTable } from "../../src/cli/runs_command.ts";
import { canRun } from "../permissions.ts";
import { inFolder } from "../reliability/carry_process.ts";
import { markCheckpoint } from "../reliability/marked_checkpoint.ts";
import { hasPseudoTerminals, runInTerminal } from "./driven_terminal.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const canOpenTerminal = canRun && await hasPseudoTerminals();

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A test in its own folder. `runs` may use ./checkpoints in it, and no other directory. */
function testRuns(
  name: string,
  body: (runs: (...args: string[]) => Promise<Result>, folder: string) => Promise<void>,
  ignore = false,
): void {
  Deno.test({
    name,
    ignore: ignore || !canRun,
    fn: () => inFolder((folder) => body((...args) => runRuns(folder, args), folder)),
  });
}

function commandLine(folder: string, args: readonly string[]): string[] {
  const places = [`--allow-read=${folder}/checkpoints`, `--allow-write=${folder}/checkpoints`];
  return [
    ...["run", "--no-prompt", "--cached-only", "--no-check", "--config", `${ROOT}deno.json`],
    ...[...places, `${ROOT}cli.ts`, "runs", ...args],
  ];
}

async function runRuns(folder: string, args: readonly string[]): Promise<Result> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: commandLine(folder, args),
    cwd: folder,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code: output.code, stdout: decode(output.stdout), stderr: decode(output.stderr) };
}

async function saveRun(path: string, step: number): Promise<void> {
  using run = await openRun(path);
  await saveToRun(run, markCheckpoint(step));
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

testRuns("runs lists the runs under ./checkpoints, numbered ones first", async (runs, folder) => {
  const none = await runs();
  assertEquals([none.code, none.stdout], [0, ""]);
  assertStringIncludes(none.stderr, "There are no runs under ./checkpoints");
  const root = `${folder}/checkpoints`;
  for (const [name, step] of [["mine", 1], ["run-0002", 2], ["run-0010", 0]] as const) {
    await saveRun(`${root}/${name}`, step);
  }
  await Deno.utime(
    `${root}/run-0002/latest.safetensors`,
    new Date(),
    new Date("2026-01-02T03:04:05Z"),
  );
  await Deno.writeTextFile(`${root}/run-0003`, "a file");
  await Deno.mkdir(`${root}/empty`);
  using _inUse = await openRun(`${root}/run-0010`);
  const { code, stdout, stderr } = await runs();
  assertEquals([code, stderr], [0, ""]);
  const lines = stdout.trimEnd().split("\n");
  assertMatch(lines[0]!, /^run +last saved +epochs +exact match +size +in use$/);
  assertMatch(lines[1]!, /^\.\/checkpoints\/run-0002 .* 2 of 16 +25\.00 % +[\d.]+ kB +no$/);
  assertMatch(lines[2]!, new RegExp(`run-0010 .* 0 of 16 +none yet .* by process ${Deno.pid}$`));
  assertMatch(lines[3]!, /^\.\/checkpoints\/mine /);
  assertEquals(lines.length, 4);
  const listed = (await runs("--json")).stdout.trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  assertEquals(listed[0], {
    run: "./checkpoints/run-0002",
    models: 1,
    savedAt: "2026-01-02T03:04:05.000Z",
    step: 2,
    epochs: 2,
    plannedEpochs: 16,
    exactMatch: 0.25,
    sizeBytes: listed[0].sizeBytes,
    inUse: false,
    process: null,
    problems: [],
  });
  assertEquals([listed[1].inUse, listed[1].process], [true, Deno.pid]);
});

testRuns("runs lists a damaged run with the reason", async (runs, folder) => {
  const run = `${folder}/checkpoints/run-0001`;
  await saveRun(run, 1);
  await saveRun(run, 2);
  await Deno.writeTextFile(`${run}/latest.safetensors`, "damaged");
  const older = await runs();
  assertMatch(older.stdout, /run-0001 .* 1 of 16 /);
  assertMatch(older.stderr, /^Skipped .*latest\.safetensors: /);
  await Deno.writeTextFile(`${run}/previous.safetensors`, "damaged");
  const { code, stdout, stderr } = await runs();
  assertEquals(code, 0);
  assertMatch(stdout, /run-0001 +unknown +unknown +unknown /);
  assertMatch(stderr, /^Cannot read a checkpoint of the run /);
});

testRuns("runs lists the runs in named directories", async (runs, folder) => {
  const root = `${folder}/checkpoints`;
  await saveRun(`${root}/deep/a`, 1);
  await saveRun(`${root}/b`, 1);
  const { stdout } = await runs("checkpoints/deep/", "checkpoints/b", "--json");
  assertEquals(
    stdout.trimEnd().split("\n").map((line) => JSON.parse(line).run),
    ["checkpoints/deep/a", "checkpoints/b"],
  );
  const missing = await runs("checkpoints/none");
  assertEquals([missing.code, missing.stdout], [1, ""]);
  assertStringIncludes(missing.stderr, 'Cannot list the runs in "checkpoints/none": no such file');
});

testRuns(
  "runs delete removes only the runs that are named, by name or path",
  async (runs, folder) => {
    const root = `${folder}/checkpoints`;
    for (const name of ["run-0001", "run-0002", "run-0003"]) await saveRun(`${root}/${name}`, 1);
    await Deno.writeTextFile(`${root}/run-0002/notes.txt`, "mine");
    const { code, stdout } = await runs("delete", "run-0001", "checkpoints/run-0002/", "--yes");
    assertEquals(code, 0);
    assertEquals(stdout.split("\n"), [
      "Deleted ./checkpoints/run-0001",
      "Deleted the run in checkpoints/run-0002; the directory stays, because it also contains notes.txt",
      "",
    ]);
    assertEquals(namesIn(root), ["run-0002", "run-0003"]);
    assertEquals(namesIn(`${root}/run-0002`), ["notes.txt"]);
    const last = await runs("delete", "run-0003", "--yes", "--json");
    assertEquals(JSON.parse(last.stdout), {
      run: "./checkpoints/run-0003",
      deleted: true,
      left: [],
    });
  },
);

testRuns("runs delete checks all runs before it deletes one", async (runs, folder) => {
  const root = `${folder}/checkpoints`;
  for (const name of ["run-0001", "run-0002", "run-0003"]) await saveRun(`${root}/${name}`, 1);
  await Deno.symlink("run-0002", `${root}/run-0004`);
  await Deno.mkdir(`${root}/empty`);
  await Deno.writeTextFile(`${root}/file`, "mine");
  using _inUse = await openRun(`${root}/run-0003`);
  const refused: [string[], number, string][] = [
    [["run-0003"], 1, `it is in use by the process ${Deno.pid}`],
    [["run-0004"], 1, "it is a link; name the directory that it leads to"],
    [["empty"], 1, "the directory contains no run"],
    [["file"], 1, "it must be a directory, but is a file"],
    [["none"], 1, "it does not exist"],
    [[], 2, "no run is named"],
    [[".."], 2, "it must be the name of a run, or a path"],
    [["run-0002"], 2, "twice"],
  ];
  for (const [others, code, reason] of refused) {
    const names = others[0] === "run-0002" ? ["run-0002", "run-0002"] : others;
    const all = names.length === 0 ? [] : ["run-0001", ...names];
    const ending = await runs("delete", ...all, "--yes");
    assertEquals([ending.code, ending.stdout], [code, ""], ending.stderr);
    assertStringIncludes(ending.stderr, reason);
  }
  const unasked = await runs("delete", "run-0001");
  assertEquals(unasked.code, 2);
  assertStringIncludes(
    unasked.stderr,
    "standard input is not a terminal, so no question can be asked; add --yes",
  );
  assertEquals((await runs("--yes")).code, 2);
  assertEquals(
    namesIn(root),
    ["empty", "file", "run-0001", "run-0002", "run-0003", "run-0004"],
  );
  assert(namesIn(`${root}/run-0001`).includes("latest.safetensors"));
});

testRuns("runs delete asks on a terminal", async (_, folder) => {
  const root = `${folder}/checkpoints`;
  await saveRun(`${root}/run-0001`, 1);
  const command = [Deno.execPath(), ...commandLine(folder, ["delete", "run-0001"])];
  for (const [answer, code, left] of [["\r", 1, 1], ["no\r", 1, 1], ["y\r", 0, 0]] as const) {
    const steps = [{ when: "Delete this run\\? \\[y/N\\]", type: answer }];
    const ending = await runInTerminal(command, { cwd: folder, steps });
    assertEquals([ending.code, namesIn(root).length], [code, left], ending.output);
    assertStringIncludes(ending.output, code === 0 ? "Deleted ./" : "Nothing was deleted");
  }
}, !canOpenTerminal);

Deno.test("layTable() makes a paragraph of every row if a line is too long for the terminal", () => {
  const headings = ["run", "epochs", "size"];
  const rows = [["./checkpoints/run-0001", "2 of 2", "9.9 MB"], ["./h", "200 of 200", "12.7 MB"]];
  const table = [
    "run                     epochs      size",
    "./checkpoints/run-0001  2 of 2      9.9 MB",
    "./h                     200 of 200  12.7 MB",
  ];
  assertEquals(layTable(headings, rows, Infinity), table);
  assertEquals(layTable(headings, rows, 43), table);
  assertEquals(layTable(headings, rows, 42), [
    "./checkpoints/run-0001",
    "  epochs 2 of 2  size 9.9 MB",
    "./h",
    "  epochs 200 of 200  size 12.7 MB",
  ]);
  for (const columns of [20, 25, 30]) {
    for (const line of layTable(headings, rows, columns)) assert(line.length <= columns, line);
  }
});

Deno.test("formatSize() formats numbers of bytes", () => {
  assertEquals(
    [0, 999, 1000, 999_949, 999_950, 2_500_000, 3e12].map(formatSize),
    ["0 B", "999 B", "1.0 kB", "999.9 kB", "1.0 MB", "2.5 MB", "3000.0 GB"],
  );
});
