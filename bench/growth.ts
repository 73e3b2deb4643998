/**
 * Measures how cost grows: of a step with hidden size, digits and batch size; of questions with their number.
 *
 * `deno task bench:growth`; the options are in bench/README.md.
 *
 * @module
 */
import { printError, printText } from "../src/cli/terminal.ts";
import {
  type BenchUsage,
  readBenchOptions,
  readCount,
  readNames,
  readPositive,
} from "./bench_options.ts";
import { startContestant } from "./contestant.ts";
import type { GenerationFigures } from "./generation.ts";
import { isQuiet, type Round } from "./round.ts";
import { describeSetting, formatSetting, formatTable } from "./setting.ts";
import { configureTask, countStepFlops } from "./task.ts";

/** The notebook's shape, from which each series varies one size. */
const NOTEBOOK: StepShape = { hiddenSize: 128, digits: 3, batchSize: 128 };

const STEP_SERIES: Readonly<Record<string, readonly StepShape[]>> = {
  hidden: [64, 128, 256, 512].map((hiddenSize) => ({ ...NOTEBOOK, hiddenSize })),
  digits: [3, 6, 9].map((digits) => ({ ...NOTEBOOK, digits })),
  batch: [32, 64, 128, 256, 512, 1024].map((batchSize) => ({ ...NOTEBOOK, batchSize })),
};

/** Both ways to find equal pairs: a bit set up to 4 digits, a hash set above. */
const GENERATION_SERIES = [4, 6].flatMap((digits) =>
  [50_000, 500_000, 5_000_000].map((examples) => ({ digits, examples }))
);

const ALL_SERIES = [...Object.keys(STEP_SERIES), "examples"];

interface StepShape {
  readonly hiddenSize: number;
  readonly digits: number;
  readonly batchSize: number;
}

interface StepGrowth extends StepShape {
  readonly series: string;
  readonly stepFlops: number;
  readonly round: Round;
}

const USAGE: BenchUsage = {
  command: "deno task bench:growth",
  summary: "measure how time and memory grow with hidden size, digits, batch size and examples",
  options: [
    {
      name: "only",
      value: "NAME,…",
      help: `what to vary: ${ALL_SERIES.join(", ")} (default: all)`,
    },
    { name: "threads", value: "N", help: "threads per training step (default: all cores)" },
    { name: "seconds", value: "X", help: "seconds per measurement of steps (default 1)" },
    { name: "json", help: "print JSON instead of tables" },
  ],
  examples: ["--only hidden,batch", "--only examples --json"],
};

if (import.meta.main) {
  const { series, threads, seconds, json } = readBenchOptions(Deno.args, USAGE, (typed) => ({
    series: readNames(typed, "only", ALL_SERIES) ?? ALL_SERIES,
    threads: readCount(typed, "threads", navigator.hardwareConcurrency),
    seconds: readPositive(typed, "seconds", 1),
    json: typed.flag("json"),
  }));
  const setting = await describeSetting("bench:growth");
  const steps: StepGrowth[] = [];
  for (const name of series.filter((name) => name in STEP_SERIES)) {
    for (const shape of STEP_SERIES[name]!) {
      printError(`${name}: ${JSON.stringify(shape)}`);
      steps.push({ series: name, ...await measureStep(shape, threads, seconds) });
    }
  }
  const generations: GenerationFigures[] = [];
  for (const size of series.includes("examples") ? GENERATION_SERIES : []) {
    printError(`examples: ${JSON.stringify(size)}`);
    generations.push(await measureGeneration(size));
  }
  const tables = [formatSteps(steps), formatGenerations(generations)].filter(Boolean);
  printText(
    json
      ? JSON.stringify({ ...setting, steps, generations }, null, 2)
      : [formatSetting(setting), ...tables].join("\n\n"),
  );
}

async function measureStep(
  shape: StepShape,
  threads: number,
  seconds: number,
): Promise<Omit<StepGrowth, "series">> {
  await using contestant = startContestant([
    ...[Deno.execPath(), "run", "-A", new URL("step.ts", import.meta.url).pathname],
    ...[`--hidden-size=${shape.hiddenSize}`, `--digits=${shape.digits}`],
    ...[`--batch-size=${shape.batchSize}`, `--threads=${threads}`, `--seconds=${seconds}`],
  ]);
  const round = await contestant.measure();
  const config = configureTask(shape.hiddenSize, shape.digits);
  return { ...shape, stepFlops: countStepFlops(config, shape.batchSize), round };
}

async function measureGeneration(
  size: { readonly digits: number; readonly examples: number },
): Promise<GenerationFigures> {
  const script = new URL("generation.ts", import.meta.url).pathname;
  const { stdout, success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script, `--digits=${size.digits}`, `--examples=${size.examples}`],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)) as GenerationFigures;
}

function formatSteps(steps: readonly StepGrowth[]): string {
  if (steps.length === 0) return "";
  return formatTable([
    [
      "series",
      "hidden",
      "digits",
      "batch",
      "median ms",
      "min ms",
      "examples/s",
      "GFLOP/s",
      "quiet",
    ],
    ...steps.map(({ series, hiddenSize, digits, batchSize, stepFlops, round }) => [
      series,
      ...[hiddenSize, digits, batchSize].map(String),
      round.medianMs.toFixed(2),
      round.minMs.toFixed(2),
      (1000 * batchSize / round.medianMs).toFixed(0),
      (stepFlops / round.medianMs / 1e6).toFixed(1),
      isQuiet(round) ? "yes" : "no",
    ]),
  ]);
}

function formatGenerations(generations: readonly GenerationFigures[]): string {
  if (generations.length === 0) return "";
  return formatTable([
    [
      "examples",
      "digits",
      "generate + encode s",
      "split s",
      "shuffle s",
      "dataset MB",
      "peak MB",
      "quiet",
    ],
    ...generations.map((figures) => [
      figures.examples.toLocaleString("en"),
      String(figures.digits),
      ...[figures.generateMs, figures.splitMs, figures.shuffleMs].map((ms) =>
        (ms / 1000).toFixed(3)
      ),
      (figures.datasetBytes / 1e6).toFixed(1),
      ((figures.peakBytes - figures.startBytes) / 1e6).toFixed(0),
      isQuiet(figures) ? "yes" : "no",
    ]),
  ]);
}
