/** Tests what a machine can refuse, each once: a message and the correct exit code must follow, and saved checkpoints must stay. @module */
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { type Ending, inFolder, runCarry, TINY_ARGUMENTS } from "./carry_process.ts";
import { createFailures, type Outcome } from "./check.ts";
import { markCheckpoint } from "./marked_checkpoint.ts";
import { exhaustMemory } from "./memory_check.ts";

/** Provokes one refusal, and returns the failures. */
type Refusal = (folder: string) => Promise<readonly string[]>;

const REFUSALS: Readonly<Record<string, Refusal>> = {
  "no permission to write": refuseWriting,
  "a file where the run should be": refuseFile,
  "a directory where a checkpoint should be": refuseDirectory,
  "a second process": refuseSecondProcess,
  "the run directory deleted": (folder) => replaceDirectory(folder, "deleted"),
  "the run directory turned into a link": (folder) => replaceDirectory(folder, "linked"),
  "a link in the place of a checkpoint": refuseLink,
  "file times set back": setFileTimesBack,
  "a loss that is not finite": refuseNonFinite,
  "memory exhausted": exhaustMemory,
};

/** Tries a number of refusals, up to all, each once. */
export async function checkResources(trials: number): Promise<Outcome> {
  const failures = createFailures();
  const tried = Object.entries(REFUSALS).slice(0, trials);
  for (const [name, refusal] of tried) failures.add(name, await inFolder(refusal));
  return { trials: tried.length, failures: failures.list };
}

/** Checks that a training ended before its first step, with a message and an exit code: 2 for a wrong command, else 1. */
function expectRefused(
  { code, lines, stderr }: Ending,
  sentence: RegExp,
  expected: 1 | 2 = 1,
): string[] {
  const started = lines.some((line) => line.includes('"event":"step"'));
  const isSentence = sentence.test(stderr) && stderr.trimEnd().split("\n").length === 1;
  return code === expected && !started && isSentence
    ? []
    : [`training ended with ${code}, first step reached: ${started}: ${stderr}`];
}

function train(run: string, permissions?: readonly string[]): Promise<Ending> {
  const args = ["train", ...TINY_ARGUMENTS, "--json", "--log-every=1", `--run=${run}`];
  return runCarry(args, permissions && { permissions });
}

async function refuseWriting(folder: string): Promise<readonly string[]> {
  const permissions = [`--allow-read=${folder}`, "--deny-write"];
  return expectRefused(
    await train(`${folder}/run`, permissions),
    /^Cannot continue without permission: .*--allow-write/,
  );
}

async function refuseFile(folder: string): Promise<readonly string[]> {
  await Deno.writeTextFile(`${folder}/run`, "mine");
  const ending = expectRefused(await train(`${folder}/run`), /^Cannot /, 2);
  return await Deno.readTextFile(`${folder}/run`) === "mine" ? ending : ["the file has changed"];
}

async function refuseDirectory(folder: string): Promise<readonly string[]> {
  await Deno.mkdir(`${folder}/run/previous-2.safetensors/mine`, { recursive: true });
  const run = ["train", ...TINY_ARGUMENTS, "--overwrite", `--run=${folder}/run`];
  return expectRefused(await runCarry(run), /must be a file, but is a directory/);
}

async function refuseSecondProcess(folder: string): Promise<readonly string[]> {
  using _run = await openRun(`${folder}/run`);
  const sentence = new RegExp(`in use by the process ${Deno.pid}$`, "m");
  return expectRefused(await train(`${folder}/run`), sentence);
}

/** Removes the directory between two saves. The next save must fail, and write nothing. */
async function replaceDirectory(
  folder: string,
  how: "deleted" | "linked",
): Promise<readonly string[]> {
  const [path, elsewhere] = [`${folder}/run`, `${folder}/elsewhere`];
  using run = await openRun(path);
  await saveToRun(run, markCheckpoint(1));
  await Deno.remove(path, { recursive: true });
  await Deno.mkdir(elsewhere);
  if (how === "linked") await Deno.symlink(elsewhere, path);
  const message = await saveToRun(run, markCheckpoint(2)).then(String, (error) => error.message);
  const written = await Array.fromAsync(Deno.readDir(elsewhere));
  return /was deleted or replaced/.test(message) && written.length === 0
    ? []
    : [`${message}; written: ${written.map(({ name }) => name)}`];
}

async function refuseLink(folder: string): Promise<readonly string[]> {
  const [path, elsewhere] = [`${folder}/run`, `${folder}/elsewhere`];
  using run = await openRun(path);
  await Deno.writeTextFile(elsewhere, "mine");
  await Deno.symlink(elsewhere, `${path}/latest.safetensors`);
  await saveToRun(run, markCheckpoint(1));
  const untouched = await Deno.readTextFile(elsewhere) === "mine";
  const { isFile } = await Deno.lstat(`${path}/latest.safetensors`);
  return untouched && isFile ? [] : ["the link was followed"];
}

/** Checks that names, not times, decide which checkpoint is the newest. */
async function setFileTimesBack(folder: string): Promise<readonly string[]> {
  using run = await openRun(`${folder}/run`);
  await saveToRun(run, markCheckpoint(1));
  const latest = await saveToRun(run, markCheckpoint(2));
  await Deno.utime(latest, 0, 0);
  const { checkpoint } = await readRun(run.path);
  return checkpoint.progress.step === 2 ? [] : [`step ${checkpoint.progress.step} was read`];
}

async function refuseNonFinite(folder: string): Promise<readonly string[]> {
  const run = `${folder}/run`;
  const wild = ["--cell=simple", "--learning-rate=1e38", "--weight-decay=0", "--schedule=constant"];
  const args = ["train", ...TINY_ARGUMENTS, ...wild, "--checkpoint-every=1", `--run=${run}`];
  const { code, stderr } = await runCarry(args);
  const { checkpoint, skipped } = await readRun(run);
  const finite = checkpoint.parameters.every(({ values }) => values.every(Number.isFinite));
  return code === 1 && /last good checkpoint/.test(stderr) && finite && skipped.length === 0
    ? []
    : [`training ended with ${code}: ${stderr}`];
}
