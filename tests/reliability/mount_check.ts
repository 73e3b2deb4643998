/** Trains on full disks and on a read-only one, if this process may mount them. Each mount ends with the process that used it. @module */
import { readRun } from "../../src/checkpoint/read_run.ts";
import { inFolder, runCarry, TINY_ARGUMENTS } from "./carry_process.ts";
import { createFailures, type Outcome } from "./check.ts";
import { runMounted } from "./mounted.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const CLI = new URL("../../cli.ts", import.meta.url).pathname;

const PAGE_KB = 4;
/** Pages of the smallest disk: the directory and the lock. */
const FIRST_PAGES = 2;
/** Pages of the largest disk: more than all files of the run take. */
const MOST_PAGES = 48;

/**
 * Trains on disks of increasing size, from one without room for a checkpoint to one with room for all, so that every write is
 * once cut short or refused. Also resumes on a read-only disk.
 *
 * @param trials approximate number of sizes, up to all
 */
export async function checkMounts(trials: number): Promise<Outcome> {
  const failures = createFailures();
  failures.add("read-only", await inFolder(resumeReadOnly));
  let made = 1;
  let sufficed = false;
  for (const pages of choosePages(trials)) {
    const { found, complete } = await inFolder((folder) => fillDisk(folder, pages * PAGE_KB));
    failures.add(`${pages * PAGE_KB} KB`, found);
    made++;
    sufficed = complete;
    if (complete) break;
  }
  if (!sufficed) failures.add(`${MOST_PAGES * PAGE_KB} KB`, ["no disk was large enough"]);
  return { trials: made, failures: failures.list };
}

/** Chooses sizes from the smallest to a sufficient one, in pages. */
function choosePages(trials: number): number[] {
  const step = Math.max(1, Math.ceil((MOST_PAGES - FIRST_PAGES) / trials));
  const count = Math.floor((MOST_PAGES - FIRST_PAGES) / step) + 1;
  return Array.from({ length: count }, (_, i) => FIRST_PAGES + i * step);
}

function command(folder: string, args: readonly string[]): string[] {
  const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
  const run = [Deno.execPath(), "run", "--no-prompt", "--cached-only", "--no-check"];
  return [...run, "--config", CONFIG, ...permissions, CLI, "train", `--run=${folder}/run`, ...args];
}

/** Saves after every step until the disk is full. All acknowledged checkpoints must be there, and no others. */
async function fillDisk(
  folder: string,
  sizeKb: number,
): Promise<{ found: readonly string[]; complete: boolean }> {
  const disk = `${folder}/disk`;
  await Deno.mkdir(disk);
  const script = `mount -t tmpfs -o size=${sizeKb}k none ${disk} && "$@"; code=$?
    mkdir ${folder}/run; cp -r ${disk}/run/. ${folder}/run 2> /dev/null; exit $code`; // a run that could not begin is removed
  const always = ["--epochs=1", "--checkpoint-every=1", "--json", "--log-every=1"];
  const { code, stdout, stderr } = await runMounted(
    script,
    command(disk, [...TINY_ARGUMENTS, ...always]),
  );
  const text = new TextDecoder().decode(stderr);
  if (code === 0) return { found: [], complete: true };
  const steps = new TextDecoder().decode(stdout).split("\n")
    .filter((line) => line.includes('"event":"step"')).map((line) => JSON.parse(line).step);
  const names = (await Array.fromAsync(Deno.readDir(`${folder}/run`))).map(({ name }) => name);
  const isSentence = code === 1 && text.trimEnd().split("\n").length === 1 &&
    /^Cannot (save a checkpoint of \d+ bytes|write to the run) .*no space left/.test(text);
  const found = isSentence ? [] : [`training ended with ${code} and printed: ${text}`];
  if (names.some((name) => name.endsWith(".tmp"))) {
    found.push(`a temporary file was left: ${names}`);
  }
  if (steps.length > 0) found.push(...await expectStep(`${folder}/run`, steps.at(-1)!));
  return { found, complete: false };
}

async function expectStep(run: string, step: number): Promise<string[]> {
  const { checkpoint, skipped } = await readRun(run);
  return checkpoint.progress.step === step && skipped.length === 0
    ? []
    : [`step ${checkpoint.progress.step} was saved instead of ${step}; skipped: ${skipped}`];
}

async function resumeReadOnly(folder: string): Promise<string[]> {
  const run = `${folder}/run`;
  const first = await runCarry(["train", ...TINY_ARGUMENTS, "--epochs=1", `--run=${run}`]);
  const script = `mount --bind ${folder} ${folder} && mount -o remount,bind,ro ${folder} && "$@"`;
  const { code, stderr } = await runMounted(script, command(folder, ["--resume"]));
  const text = new TextDecoder().decode(stderr);
  const { skipped } = await readRun(run);
  return first.code === 0 && code === 1 && skipped.length === 0 &&
      /^Cannot write to the run .*[Rr]ead-only file system/.test(text)
    ? []
    : [`the two trainings ended with ${first.code} and ${code}: ${text}`];
}
