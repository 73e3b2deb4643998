// deno-lint-ignore-file no-console -- a bench prints what it measured
/**
 * How cost grows: a step by hidden size, digits and batch size; questions by their number.
 *
 * `deno task bench:growth`; the options are in bench/README.md.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { startContestant } from "./contestant.ts";
import type { GenerationFigures } from "./generation.ts";
import { isQuiet, type Round } from "./round.ts";
import { describeSetting, formatSetting, formatTable } from "./setting.ts";
import { configureTask, countStepFlops } from "./task.ts";

/** The shape from which each series departs: the notebook's. */
const NOTEBOOK: StepShape = { hiddenSize: 128, digits: 3, batchSize: 128 };

const STEP_SERIES: Readonly<Record<string, readonly StepShape[]>> = {
  hidden: [64, 128, 256, 512].map((hiddenSize) => ({ ...NOTEBOOK, hiddenSize })),
  digits: [3, 6, 9].map((digits) => ({ ...NOTEBOOK, digits })),
  batch: [32, 64, 128, 256, 512, 1024].map((batchSize) => ({ ...NOTEBOOK, batchSize })),
};

/** Up to 4 digits a bit set keeps pairs apart, beyond a hash set. */
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

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      only: { type: "string", default: ALL_SERIES.join() },
      threads: { type: "string", default: String(navigator.hardwareConcurrency) },
      seconds: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  const series = values.only.split(",");
  const unknown = series.find((name) => !ALL_SERIES.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot measure "${unknown}": --only takes names of ${ALL_SERIES.join(", ")}`,
    );
  }
  const setting = await describeSetting("bench:growth");
  const steps: StepGrowth[] = [];
  for (const name of series.filter((name) => name in STEP_SERIES)) {
    for (const shape of STEP_SERIES[name]!) {
      console.error(`${name}: ${JSON.stringify(shape)}`);
      steps.push({ series: name, ...await measureStep(shape, values.threads, values.seconds) });
    }
  }
  const generations: GenerationFigures[] = [];
  for (const size of series.includes("examples") ? GENERATION_SERIES : []) {
    console.error(`examples: ${JSON.stringify(size)}`);
    generations.push(await measureGeneration(size));
  }
  const tables = [formatSteps(steps), formatGenerations(generations)].filter(Boolean);
  console.log(
    values.json
      ? JSON.stringify({ ...setting, steps, generations }, null, 2)
      : [formatSetting(setting), ...tables].join("\n\n"),
  );
}

async function measureStep(
  shape: StepShape,
  threads: string,
  seconds: string,
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
