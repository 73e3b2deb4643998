/**
 * Trains on public data and on made examples with the command line's defaults, and measures the answers.
 *
 * `deno task bench:tasks --only g2p --data DIR`; the options are in bench/README.md.
 *
 * @module
 */
import { TRAINING_DEVICE_OPTIONS } from "../src/cli/command.ts";
import type { OptionSpec, TypedOptions } from "../src/cli/options.ts";
import { MODEL_OPTIONS, TRAINING_OPTIONS } from "../src/cli/settings.ts";
import { listenForSignals } from "../src/cli/signals.ts";
import { printError, printText } from "../src/cli/terminal.ts";
import { UsageError } from "../src/cli/usage_error.ts";
import {
  type BenchUsage,
  readBenchOptions,
  readCount,
  readCounts,
  readNames,
} from "./bench_options.ts";
import { describeSetting, formatSetting } from "./setting.ts";
import { CommandError } from "./tasks/carry_program.ts";
import { type PlannedSet, runPlan } from "./tasks/run_plan.ts";
import { openResultFile } from "./tasks/result_file.ts";
import { formatResults } from "./tasks/result_table.ts";
import { TASKS } from "./tasks/task_list.ts";
import { type Side, SIDES, type Task } from "./tasks/task_set.ts";

/** Options of `train` that change what is learned. */
const LEARNING_OPTIONS: readonly OptionSpec[] = [...MODEL_OPTIONS, ...TRAINING_OPTIONS];

const USAGE: BenchUsage = {
  command: "deno task bench:tasks",
  summary:
    "train with the defaults of the command line on public data and on made examples, and measure the answers",
  options: [
    {
      name: "only",
      value: "NAME,…",
      help: `tasks to measure (default: all). ${
        TASKS.map(({ name, title }) => `${name}: ${title}`).join(". ")
      }`,
    },
    {
      name: "data",
      value: "DIR",
      help:
        "folder with the files of the tasks, which are found by their names, also in folders in it",
    },
    { name: "languages", value: "CODE,…", help: "languages to measure (default: all)" },
    { name: "side", value: "NAME", help: `files to ask: ${SIDES.join(" or ")} (default dev)` },
    { name: "seeds", value: "N", help: "number of seeds (default 1)" },
    {
      name: "ensemble",
      value: "N",
      help:
        "train N models a seed, each with a seed of its own, and ask each and all together (default: one model)",
    },
    {
      name: "beam",
      value: "N,…",
      help:
        "widths of the search for answers; the same models are asked with each (default 1: greedy)",
    },
    { name: "first", value: "N", help: "the first of them (default 1)" },
    {
      name: "json",
      value: "FILE",
      help: "file to which every result is appended as a line; what it has is not measured again",
    },
    {
      name: "runs",
      value: "DIR",
      help:
        "folder that keeps the runs; what was trained in it is only asked (default: none is kept)",
    },
    { name: "jobs", value: "N", help: "trainings at the same time (default 1)" },
    ...LEARNING_OPTIONS,
    ...TRAINING_DEVICE_OPTIONS,
  ],
  examples: [
    "--only g2p --data DIR",
    "--only g2p --data DIR --languages ady,kor --seeds 3 --jobs 2 --threads 1",
    "--data DIR --side test --json results.jsonl",
    "--only copy --epochs 10",
  ],
};

/** What was typed. */
interface TasksOptions {
  readonly tasks: readonly Task[];
  /** Whether the tasks were named. Otherwise those without files are left out. */
  readonly named: boolean;
  readonly data: string | undefined;
  readonly languages: readonly string[] | undefined;
  readonly side: Side;
  readonly seeds: readonly number[];
  readonly ensemble: number;
  readonly beams: readonly number[];
  readonly json: string | undefined;
  readonly runs: string | undefined;
  readonly jobs: number;
  /** Options of `train`: what changes the learning, and the device. */
  readonly learning: readonly string[];
  readonly device: readonly string[];
}

if (import.meta.main) Deno.exit(await measureTasks(readOptions(Deno.args)));

function readOptions(args: readonly string[]): TasksOptions {
  return readBenchOptions(args, USAGE, (typed) => {
    const names = readNames(typed, "only", TASKS.map(({ name }) => name));
    const tasks = TASKS.filter(({ name }) => names?.includes(name) ?? true);
    const data = typed.text("data");
    const needy = tasks.find(({ needsData }) => needsData);
    if (data === undefined && needy !== undefined) {
      throw new UsageError(
        `Cannot measure ${needy.name} without --data DIR, the folder of its files`,
      );
    }
    const [first, seeds] = [readCount(typed, "first", 1), readCount(typed, "seeds", 1)];
    const ensemble = readCount(typed, "ensemble", 1);
    return {
      ...{ tasks, named: names !== undefined, data },
      languages: typed.text("languages")?.split(","),
      side: typed.choice("side", SIDES) ?? "dev",
      seeds: Array.from({ length: seeds }, (_, i) => first + ensemble * i),
      ...{ ensemble, beams: readCounts(typed, "beam") ?? [1] },
      ...{ json: typed.text("json"), runs: typed.text("runs") },
      jobs: readCount(typed, "jobs", 1),
      learning: passOn(typed, LEARNING_OPTIONS),
      device: passOn(typed, TRAINING_DEVICE_OPTIONS),
    };
  });
}

/** Gives the options that were typed, as they are typed. */
function passOn(typed: TypedOptions, options: readonly OptionSpec[]): string[] {
  return options.flatMap(({ name }) => {
    const text = typed.text(name);
    return text === undefined ? [] : [`--${name}=${text}`];
  });
}

/** Measures, prints the table, and gives the exit code. */
async function measureTasks(options: TasksOptions): Promise<number> {
  const { runs, json, jobs, learning, device, ensemble, beams } = options;
  await using signals = await listenForSignals();
  const folder = runs ?? await Deno.makeTempDir({ prefix: "carry-tasks-" });
  try {
    await Deno.mkdir(folder, { recursive: true });
    const setting = await describeSetting("bench:tasks");
    const results = await openResultFile(json);
    const plan = await planSets(options, folder);
    const { commit, date } = setting;
    const { signal } = signals;
    const measured = await runPlan(plan, {
      ...{ results, folder, jobs, ensemble, beams, learning, device, commit, date, signal },
    });
    printText(`${formatSetting(setting)}\n\n${formatResults(measured, options.tasks)}`);
    return 0;
  } catch (error) {
    if (signals.signal.aborted) printError("Interrupted");
    else if (error instanceof UsageError || error instanceof CommandError) {
      printError(error.message);
    } else throw error;
    return signals.exitCode ?? (error instanceof CommandError ? error.code : 2);
  } finally {
    if (runs === undefined) await Deno.remove(folder, { recursive: true });
  }
}

/** Lists what is measured: every set with every seed, all sets with the first seed first. */
async function planSets(options: TasksOptions, made: string): Promise<PlannedSet[]> {
  const { tasks, named, data, languages, side, seeds } = options;
  const sets: Omit<PlannedSet, "seed">[] = [];
  for (const task of tasks) {
    const found = await task.findSets({ data, made, side });
    if (found.length === 0 && named) {
      throw new UsageError(
        `Cannot measure ${task.name}: "${data}" has none of its files (${task.title})`,
      );
    }
    const wanted = found.filter(({ language }) => languages?.includes(language) ?? true);
    sets.push(...wanted.map((set) => ({ task, set, side })));
  }
  const missing = languages?.find((code) => !sets.some(({ set }) => set.language === code));
  if (missing !== undefined || sets.length === 0) {
    throw new UsageError(
      `Cannot measure: there must be files to train on in "${data}", but ${
        missing === undefined ? "none was found" : `none is of the language "${missing}"`
      }`,
    );
  }
  return seeds.flatMap((seed) => sets.map((set) => ({ ...set, seed })));
}
