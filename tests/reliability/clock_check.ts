/** Sets the clock back and forward while a model is trained and saved at time intervals; results and times must stay correct. @module */
import { type Checkpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { createSavePoints } from "../../src/checkpoint/save_points.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import type { Device } from "../../src/device/executor.ts";
import { createPace } from "../../src/training/pace.ts";
import { createModel } from "../../src/model/create_model.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import type { Training } from "../../src/training/training.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";
import { createFailures, type Outcome } from "./check.ts";
import { SIMULATED_RUN } from "./life_of_a_run.ts";
import { createSimulatedDisk } from "./simulated_disk.ts";
import { takeSingly } from "./single_steps.ts";

const DAY_MS = 86_400_000;
const TICK_MS = 10;
/** The time of about two steps: every reading of the clock is one tick. */
const INTERVAL_MS = 120;
const STEPS = 28;
/** The readings at which the clock leaps, and by how much. */
const LEAPS: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  "a day back": { 40: -DAY_MS },
  "a day forward": { 40: DAY_MS },
  "forward and back": { 20: DAY_MS, 60: -DAY_MS, 100: DAY_MS, 101: -DAY_MS },
  "back again and again": { 15: -1, 30: -3_600_000, 45: -DAY_MS, 60: -DAY_MS, 75: -DAY_MS },
  "before the beginning of time": { 1: -1e15 },
  // On such a clock little time passes, so few saves are due; everything else must work.
  "back at every eleventh reading": Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [11 * i, -DAY_MS]),
  ),
};

/** The result of a training. */
interface Run {
  readonly found: readonly string[];
  /** Hash of parameters and moments. */
  readonly end: string;
  /** Checkpoints that were saved within an epoch. */
  readonly saves: readonly Checkpoint[];
  /** Number of readings of the clock. */
  readonly readings: number;
}

/**
 * Trains with every clock, and resumes from checkpoints that were saved at time intervals.
 *
 * @param trials number of checkpoints to resume from, evenly chosen among the clocks, up to all
 */
export async function checkClock(trials: number): Promise<Outcome> {
  const device = takeSingly(await chooseDevice("cpu"));
  const failures = createFailures();
  const steady = await trainWith(device, {});
  failures.add("a steady clock", steady.found);
  const most = steady.readings * TICK_MS / INTERVAL_MS; // if only the readings took time
  if (steady.saves.length < most / 2 || steady.saves.length > most) {
    failures.add("a steady clock", [
      `there were ${steady.saves.length} saves, but there was time for ${most}`,
    ]);
  }
  const each = Math.ceil(trials / Object.keys(LEAPS).length);
  let resumed = 0;
  for (const [name, leaps] of Object.entries(LEAPS)) {
    const run = await trainWith(device, leaps);
    failures.add(name, [...run.found, ...compare(run, steady, Object.keys(leaps).length)]);
    for (const checkpoint of run.saves.slice(-each)) {
      resumed++;
      const { end } = await trainWith(device, {}, checkpoint);
      if (end !== steady.end) {
        failures.add(`${name}, resumed`, [
          `the result differs after step ${checkpoint.progress.step}`,
        ]);
      }
    }
  }
  return { trials: resumed, failures: failures.list, note: `${Object.keys(LEAPS).length} clocks` };
}

function compare(run: Run, steady: Run, leaps: number): string[] {
  const difference = Math.abs(run.saves.length - steady.saves.length);
  return [
    ...(run.end === steady.end ? [] : ["the result depends on the clock"]),
    ...(difference <= leaps
      ? []
      : [`there were ${run.saves.length} saves instead of ${steady.saves.length}`]),
  ];
}

interface LeapingClock {
  now(): number;
  readings(): number;
}

function createLeapingClock(leaps: Readonly<Record<number, number>>): LeapingClock {
  let now = 0;
  let readings = 0;
  return {
    now: () => now += TICK_MS + (leaps[readings++] ?? 0),
    readings: () => readings,
  };
}

async function trainWith(
  device: Device,
  leaps: Readonly<Record<number, number>>,
  saved?: Checkpoint,
): Promise<Run> {
  using model = await createModel(TINY_MODEL, {
    ...{ device, seed: 1 },
    ...(saved && { parameters: saved.parameters }),
  });
  using training = createTraining(model, TINY_OPTIONS, saved);
  const found: string[] = [];
  const clock = createLeapingClock(leaps);
  const saves = await trainAndSave(training, clock.now, found);
  const { step, history } = training.progress;
  const times = history.map(({ elapsedMs }) => elapsedMs);
  if (step !== STEPS) found.push(`training ended at step ${step}`);
  if (!times.every(isTime)) found.push(`epochs took ${times} ms`);
  return { found, end: await hashTensors(training), saves, readings: clock.readings() };
}

/** Trains to the end on a clock, saves when a save is due, and reads the saved checkpoints again. */
async function trainAndSave(
  training: Training,
  now: () => number,
  found: string[],
): Promise<Checkpoint[]> {
  const fileSystem = createSimulatedDisk();
  const savePoints = createSavePoints({ ms: INTERVAL_MS }, now);
  const pace = createPace(now);
  const saves: Checkpoint[] = [];
  let last = training.progress.step;
  for await (const event of train(training, makeTinySplit(), { samples: 0, now })) {
    if (event.event === "step") {
      if (event.step !== ++last) found.push(`step ${event.step} followed step ${last - 1}`);
      pace.record(event.step);
    }
    if (!savePoints.isDue(event)) continue;
    await saveToRun(SIMULATED_RUN, await takeCheckpoint(training, TINY_PROBLEM), { fileSystem });
    savePoints.saved();
    const { checkpoint } = await readRun(SIMULATED_RUN.path, "latest", fileSystem);
    if (checkpoint.progress.step !== last) {
      found.push(`the latest checkpoint is of step ${checkpoint.progress.step}`);
    }
    if (!isTime(checkpoint.progress.elapsedMs)) {
      found.push("the time of the epoch is negative or too large");
    }
    if (event.event === "step") saves.push(checkpoint);
  }
  const stepsPerSecond = pace.stepsPerSecond();
  if (stepsPerSecond === null || !isTime(stepsPerSecond)) {
    found.push(`the pace was ${stepsPerSecond} steps per second`);
  }
  return saves;
}

function isTime(ms: number): boolean {
  return Number.isFinite(ms) && ms >= 0;
}

async function hashTensors(training: Training): Promise<string> {
  const checkpoint = await takeCheckpoint(training, TINY_PROBLEM);
  const progress = { step: 0, batch: 0, lossSum: 0, elapsedMs: 0, history: [] }; // it holds times
  const bytes = await encodeCheckpoint({ ...checkpoint, progress });
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
