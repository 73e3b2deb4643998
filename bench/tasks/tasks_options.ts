/** The options of `bench:tasks`. @module */
import { TRAINING_DEVICE_OPTIONS } from "../../src/cli/command.ts";
import type { OptionSpec, TypedOptions } from "../../src/cli/options.ts";
import { MODEL_OPTIONS, TRAINING_OPTIONS } from "../../src/cli/settings.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import {
  type BenchUsage,
  readBenchOptions,
  readCount,
  readCounts,
  readNames,
} from "../bench_options.ts";
import type { Beam } from "./set_plan.ts";
import { TASKS } from "./task_list.ts";
import { type Side, SIDES, type Task } from "./task_set.ts";

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
        "widths of the search for answers; the same models are asked with each (1 is greedy; default: that of evaluate)",
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
export interface TasksOptions {
  readonly tasks: readonly Task[];
  /** Whether the tasks were named. Otherwise those without files are left out. */
  readonly named: boolean;
  readonly data: string | undefined;
  readonly languages: readonly string[] | undefined;
  readonly side: Side;
  readonly seeds: readonly number[];
  readonly ensemble: number;
  readonly beams: readonly Beam[];
  readonly json: string | undefined;
  readonly runs: string | undefined;
  readonly jobs: number;
  /** Options of `train`: what changes the learning, and the device. */
  readonly learning: readonly string[];
  readonly device: readonly string[];
}

/** Reads the options, as every bench does. */
export function readTasksOptions(args: readonly string[]): TasksOptions {
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
      ...{ ensemble, beams: readCounts(typed, "beam") ?? [null] },
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
