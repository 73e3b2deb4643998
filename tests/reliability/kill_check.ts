/** Kills processes with SIGKILL at random moments: during repeated saves, and during training. @module */
import { readRun } from "../../src/checkpoint/read_run.ts";
import { forkPrng } from "../../src/random/prng.ts";
import { inFolder, kill, runCarry, runProgram } from "./carry_process.ts";
import { createFailures, type Outcome } from "./check.ts";
import { acknowledgeClear, acknowledgeSave, audit, type Ledger, openLedger } from "./ledger.ts";

const SAVER = new URL("./saver.ts", import.meta.url).pathname;
/** Numbers of parameters: files of 4 KB, 60 KB and 1.2 MB. */
const SIZES = [41, 5_000, 100_000] as const;
/** Most calls before a saver is killed: about eight saves and a deletion. */
const MOST_CALLS = 200;

/** Kills a saver repeatedly; each saver continues in the run that the one before left. */
export function checkKillsWhileSaving(trials: number, part = 0): Promise<Outcome> {
  return inFolder(async (folder) => {
    const failures = createFailures();
    const ledger = openLedger();
    const prng = forkPrng(part, "kill while saving");
    const path = `${folder}/run`;
    let step = 1;
    for (let trial = 0; trial < trials; trial++) {
      let left = 1 + prng.nextInt(MOST_CALLS);
      const args = [path, String(step), String(SIZES[trial % SIZES.length])];
      const { code, lines, stderr } = await runProgram(SAVER, args, {
        onLine: (line, child) => line.startsWith("call") && --left === 0 && kill(child),
      });
      if (code !== 137) failures.add(`kill ${trial}`, [`the saver ended with ${code}: ${stderr}`]);
      for (const line of lines) note(line, ledger);
      failures.add(`kill ${trial}`, await audit(path, ledger));
      step = (ledger.saving?.step ?? ledger.latest ?? step) + 1;
      await settle(path, ledger);
    }
    return { trials, failures: failures.list };
  });
}

function note(line: string, ledger: Ledger): void {
  const [word, step, best] = line.split(" ");
  if (word === "saving") ledger.saving = { step: Number(step), best: best === "true" };
  if (word === "beginning") ledger.saving = { step: Number(step), best: false, begins: true };
  if (word === "saved") acknowledgeSave(ledger);
  if (word === "clearing") ledger.clearing = true;
  if (word === "cleared") acknowledgeClear(ledger);
}

/** Settles what was in progress: from now on the files that exist count. */
async function settle(path: string, ledger: Ledger): Promise<void> {
  const stepOf = (choice: "latest" | "best"): Promise<number | undefined> =>
    readRun(path, choice).then(({ checkpoint }) => checkpoint.progress.step, () => undefined);
  const latest = await stepOf("latest");
  if (ledger.clearing) ledger.abandoned = [...ledger.abandoned, undefined]; // the log is deleted first
  const { saving } = ledger;
  if (saving !== undefined && saving.step !== latest) {
    ledger.abandoned = [...ledger.abandoned, saving.step];
  } else if (saving?.begins) {
    ledger.abandoned = [...ledger.abandoned, ledger.latest, undefined]; // the log is deleted last
  }
  ledger.latest = latest;
  ledger.best = await stepOf("best");
  ledger.saving = undefined;
  ledger.clearing = false;
}

/** Kills a training repeatedly, resumes it each time, and compares its result with that of a training that was not killed. */
export function checkKillsWhileTraining(trials: number): Promise<Outcome> {
  return inFolder(async (folder) => {
    const failures = createFailures();
    const epochs = Math.ceil(trials * MOST_STEPS / STEPS_AN_EPOCH) + 1; // enough to survive all kills
    const settings = [...ARGUMENTS, `--epochs=${epochs}`];
    const always = ["--json", "--log-every=1", "--backend=cpu"];
    const whole = await runCarry(["train", ...settings, ...always, `--run=${folder}/whole`]);
    if (whole.code !== 0) failures.add("whole", [whole.stderr]);
    const run = `${folder}/killed`;
    const prng = forkPrng(2, "kill");
    for (let trial = 0; trial < trials; trial++) {
      const start = trial === 0 ? settings : ["--resume"];
      const stop = 1 + prng.nextInt(MOST_STEPS);
      const every = `--checkpoint-every=${EVERY_STEP[trial % EVERY_STEP.length]}`;
      let reported = 0;
      const { code, lines } = await runCarry(
        ["train", ...start, ...always, every, `--run=${run}`],
        {
          onLine: (line, child) =>
            line.includes('"event":"step"') && ++reported === stop && kill(child),
        },
      );
      if (code !== 137) failures.add(`kill ${trial}`, [`training ended with ${code}`]);
      const steps = lines.filter((line) => line.includes('"event":"step"'));
      const acknowledged = JSON.parse(steps.at(-1) ?? '{"step":0}').step;
      const { checkpoint: { progress } } = await readRun(run);
      if (progress.step < acknowledged || progress.step > acknowledged + MOST_AHEAD) {
        failures.add(`kill ${trial}`, [
          `step ${progress.step} was saved instead of ${acknowledged}`,
        ]);
      }
    }
    const last = await runCarry(["train", "--resume", ...always, `--run=${run}`]);
    if (last.code !== 0) failures.add("the last resume", [last.stderr]);
    const [expected, found] = [await readResult(`${folder}/whole`), await readResult(run)];
    if (found !== expected) failures.add("the result", [`${found} differs from ${expected}`]);
    return {
      trials,
      failures: failures.list,
      note: `in one run of ${epochs * STEPS_AN_EPOCH} steps`,
    };
  });
}

/** A model whose steps are so large that they are taken one at a time: then every one can be saved and reported before the next. */
const ARGUMENTS = ["--digits=2", "--examples=200", "--hidden-size=96", "--batch-size=32"];
const STEPS_AN_EPOCH = 6;
const MOST_STEPS = 4;
/** Intervals that save after every step: one step, and a time that is shorter than any step. */
const EVERY_STEP = ["1", "0.000001s"];
/** A step is saved before it is reported; the next may be saved while the report is read. */
const MOST_AHEAD = 1;

/** Hashes all that a finished run holds, except times. */
async function readResult(run: string): Promise<string> {
  const { checkpoint } = await readRun(run);
  const { parameters, moments, progress } = checkpoint;
  const log = (await Deno.readTextFile(`${run}/metrics.jsonl`)).trimEnd().split("\n");
  const withoutTime = (metrics: object): object => ({ ...metrics, elapsedMs: 0 });
  const text = JSON.stringify([
    [...parameters, ...moments].map(({ name, shape, values }) => [name, shape, [...values]]),
    { ...progress, elapsedMs: 0, history: progress.history.map(withoutTime) },
    log.map((line) => withoutTime(JSON.parse(line))),
  ]);
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(hash).toHex();
}
