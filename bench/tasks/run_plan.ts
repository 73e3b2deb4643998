/** Measures all that is planned, some trainings at the same time, and says how far it is. @module */
import { printError } from "../../src/cli/terminal.ts";
import { askSet } from "./ask_set.ts";
import type { Measured, ResultFile, TaskResult } from "./result_file.ts";
import type { Beam, SetPlan } from "./set_plan.ts";
import type { Side, Task, TaskSet } from "./task_set.ts";
import { trainSet } from "./train_set.ts";

/** A set to measure with a seed. */
export interface PlannedSet {
  readonly task: Task;
  readonly set: TaskSet;
  readonly side: Side;
  readonly seed: number;
}

/** How the plan is carried out. */
export interface PlanOptions {
  /** Results that are there are not measured again; new ones are added. */
  readonly results: ResultFile;
  /** The folder of the runs. */
  readonly folder: string;
  /** As in the plan of a set. */
  readonly ensemble: number;
  readonly beams: readonly Beam[];
  /** Number of trainings at the same time. */
  readonly jobs: number;
  /** Options of `train`: what changes the learning, and the device. */
  readonly learning: readonly string[];
  readonly device: readonly string[];
  readonly commit: string;
  readonly date: string;
  readonly signal: AbortSignal;
}

/** Milliseconds between two lines about a training that goes on. */
const PROGRESS_MS = 30_000;

/** Measures what is planned. @returns all results, old and new, in the order of the plan */
export async function runPlan(
  plan: readonly PlannedSet[],
  options: PlanOptions,
): Promise<readonly TaskResult[]> {
  const measured = plan.map((planned) => describeKey(planned, options));
  const left = plan.map((_, i) => i).filter((i) =>
    options.results.find(measured[i]!) === undefined
  );
  if (left.length < plan.length) {
    printError(`${plan.length - left.length} of ${plan.length} results are there`);
  }
  const count = left.length;
  const failure = new AbortController(); // the first one ends the trainings beside it
  const signal = AbortSignal.any([options.signal, failure.signal]);
  async function work(): Promise<void> {
    for (let i = left.shift(); i !== undefined; i = left.shift()) {
      await measureOne(plan[i]!, measured[i]!, {
        ...{ ...options, signal },
        place: `${count - left.length} of ${count}`,
      });
    }
  }
  await Promise.allSettled(
    Array.from({ length: options.jobs }, () => work().catch((error) => failure.abort(error))),
  );
  failure.signal.throwIfAborted();
  return measured.map((key) => options.results.find(key)!);
}

function describeKey(
  { task, set, side, seed }: PlannedSet,
  { ensemble, beams, learning }: PlanOptions,
): Measured {
  const { language } = set;
  return { task: task.name, language, side, seed, ensemble, beams, options: learning };
}

async function measureOne(
  { task, set, seed }: PlannedSet,
  key: Measured,
  options: PlanOptions & { readonly place: string },
): Promise<void> {
  const { folder, learning, device, commit, date, signal, results, place } = options;
  const { ensemble, beams } = options;
  const name = [task.name, set.language, `seed ${seed}`].filter(Boolean).join(" ");
  printError(`${name} (${place}): training`);
  let said = performance.now();
  const plan: SetPlan = {
    ...{ set, seed, ensemble, beams },
    ...{ typed: [...learning, ...device], run: `${folder}/${nameRun(key)}` },
    device: device.filter((option) => option.startsWith("--threads=")),
  };
  const trained = await trainSet(plan, {
    signal,
    onEpoch(epoch, epochs, exactMatch): void {
      if (performance.now() - said < PROGRESS_MS) return;
      said = performance.now();
      printError(`${name}: epoch ${epoch} of ${epochs}, ${describeShare(task, exactMatch)}`);
    },
  });
  const found = { ...trained, ...await askSet(plan, signal) };
  await results.add({ ...key, ...found, commit, date });
  const figures = Object.entries(found.figures).map(([by, shares]) =>
    `${by}: ${shares.map((share) => describeShare(task, share)).join(", ")}`
  );
  printError(`${name} (${place}): ${[...figures, `${found.seconds.toFixed(1)} s`].join(", ")}`);
}

/** Names the run of a training. Both sides are asked of the same run. */
function nameRun({ task, language, seed, ensemble, options }: Measured): string {
  const models = ensemble === 1 ? "" : `of${ensemble}`;
  const changes = options.join("").replaceAll(/[^\w.=-]/g, "_");
  return [task, language, seed, models, changes].filter((part) => part !== "").join("-");
}

function describeShare({ figure }: Task, share: number): string {
  const told = figure === "accuracy" ? share : 1 - share;
  return `${(100 * told).toFixed(2)} % ${figure === "accuracy" ? "right" : "wrong"}`;
}
