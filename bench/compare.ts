/**
 * Compares Carry with other frameworks and with an older commit of its own, in turns: a training step, the training loop, answers.
 *
 * `deno task bench --python .venv/bin/python --against ../older`; the options are in bench/README.md.
 *
 * @module
 */
import { printText } from "../src/cli/terminal.ts";
import { countModelParameters } from "../src/model/create_model.ts";
import { compareOutcomes, type Row } from "./comparison.ts";
import {
  type BenchUsage,
  readBenchOptions,
  readCount,
  readCounts,
  readNames,
  readPositive,
} from "./bench_options.ts";
import {
  type Competitor,
  type CompetitorOptions,
  listAnswerers,
  listLoops,
  listSteppers,
} from "./competitors.ts";
import { type Compared, formatRows } from "./comparison_table.ts";
import { describeSetting, formatSetting } from "./setting.ts";
import { configureTask, countStepFlops } from "./task.ts";
import { runInTurns } from "./turns.ts";

const DEFAULTS = { rounds: 5, seconds: 1, hiddenSize: 128, batchSize: 128 };
/** What can be measured. */
const MEASURES = ["step", "loop", "answers"] as const;
/** Questions of one call of `predict()`: one, and as many as a program with many has. */
const CALLS = [1, 100_000];

const USAGE: BenchUsage = {
  command: "deno task bench",
  summary: "compare Carry with other frameworks and with an older commit, in turns",
  options: [
    {
      name: "measure",
      value: "NAME,…",
      help:
        `what to measure: a training step of every framework, the training loop, answers (${MEASURES}; default: all)`,
    },
    { name: "rounds", value: "N", help: `number of rounds (default ${DEFAULTS.rounds})` },
    { name: "seconds", value: "X", help: `seconds of steps a round (default ${DEFAULTS.seconds})` },
    { name: "hidden-size", value: "N", help: `hidden size (default ${DEFAULTS.hiddenSize})` },
    { name: "batch-size", value: "N", help: `examples per step (default ${DEFAULTS.batchSize})` },
    { name: "threads", value: "N,…", help: "numbers of threads (default: 1, and all cores)" },
    { name: "against", value: "DIR", help: "a checkout of an older commit to compare with" },
    {
      name: "only",
      value: "NAME,…",
      help: "frameworks to compare with; bench/README.md lists them (default: all)",
    },
    {
      name: "python",
      value: "PATH",
      help: "Python that has the frameworks (default: $CARRY_PEERS_PYTHON, else python3)",
    },
    { name: "json", help: "print JSON instead of tables" },
  ],
  examples: [
    "--measure step --only keras-jax --python .venv/bin/python",
    "--measure loop --threads 1,2,4,8,16 --against ../older",
    "--rounds 15 --json",
  ],
};

interface CompareOptions extends CompetitorOptions {
  readonly measures: readonly string[];
  readonly rounds: number;
  /** Names of the peers to run; all if empty. */
  readonly only: readonly string[];
  readonly json: boolean;
}

/** What is compared, by whom, and how many first losses must be equal. */
interface Comparison extends Compared {
  readonly competitors: readonly Competitor[];
  readonly hiddenSize: number;
  readonly comparedLosses: number;
}

if (import.meta.main) {
  const options = readOptions(Deno.args);
  const setting = await describeSetting("bench");
  const tables: { compared: Comparison; rows: readonly Row[] }[] = [];
  for (const compared of listComparisons(options)) {
    const { hiddenSize, competitors, comparedLosses } = compared;
    const parameters = countModelParameters(configureTask(hiddenSize));
    const plan = { rounds: options.rounds, parameters, comparedLosses };
    tables.push({ compared, rows: compareOutcomes(await runInTurns(competitors, plan)) });
  }
  printText(
    options.json
      ? JSON.stringify(
        { ...setting, tables: tables.map(({ compared: { title }, rows }) => ({ title, rows })) },
        null,
        2,
      )
      : [formatSetting(setting), ...tables.map(({ compared, rows }) => formatRows(rows, compared))]
        .join("\n\n"),
  );
}

function readOptions(args: readonly string[]): CompareOptions {
  return readBenchOptions(args, USAGE, (typed) => {
    const cores = navigator.hardwareConcurrency;
    const threads = readCounts(typed, "threads") ?? (cores === 1 ? [1] : [1, cores]);
    const options = {
      rounds: readCount(typed, "rounds", DEFAULTS.rounds),
      seconds: readPositive(typed, "seconds", DEFAULTS.seconds),
      hiddenSize: readCount(typed, "hidden-size", DEFAULTS.hiddenSize),
      batchSize: readCount(typed, "batch-size", DEFAULTS.batchSize),
      threads: [...new Set(threads)].toSorted((a, b) => a - b),
      against: typed.text("against"),
      python: typed.text("python") ?? Deno.env.get("CARRY_PEERS_PYTHON") ?? "python3",
      json: typed.flag("json"),
    };
    const names = listSteppers(options).map(({ name }) => name);
    return {
      ...options,
      measures: readNames(typed, "measure", MEASURES) ?? MEASURES,
      only: readNames(typed, "only", names) ?? [],
    };
  });
}

function listComparisons(options: CompareOptions): readonly Comparison[] {
  const { measures, threads, hiddenSize, batchSize, only } = options;
  const flops = countStepFlops(configureTask(hiddenSize), batchSize);
  const step: Comparison = {
    title: `One training step, hidden ${hiddenSize}, batch ${batchSize}, ${
      (flops / 1e6).toFixed(0)
    } MFLOP`,
    rate: { name: "GFLOP/s", count: flops / 1e9 },
    threads,
    competitors: listSteppers(options).filter(({ ours, name }) =>
      ours !== undefined || only.length === 0 || only.includes(name)
    ),
    ...{ hiddenSize, comparedLosses: Infinity },
  };
  const loop: Comparison = {
    title: "A step of the training loop: train(), hidden 128, batch 64",
    rate: { name: "steps/s", count: 1 },
    threads,
    competitors: listLoops(options),
    ...{ hiddenSize: 128, comparedLosses: 1 },
  };
  const answers = CALLS.map((count): Comparison => ({
    title: `A call of predict(), hidden 128, questions: ${count.toLocaleString("en")}`,
    rate: { name: "questions/s", count },
    threads,
    competitors: listAnswerers(count, options),
    ...{ hiddenSize: 128, comparedLosses: 0 },
  }));
  return [
    ...(measures.includes("step") ? [step] : []),
    ...(measures.includes("loop") ? [loop] : []),
    ...(measures.includes("answers") ? answers : []),
  ];
}
