/**
 * Measures which sums a trained model answers, for some seeds: those that were held out, and all sums of numbers of up to three
 * digits, both ways round, by the digits of both numbers. Of longer numbers it asks some. For another problem it measures only what was held out.
 *
 * `deno task bench:sums`; the options are in bench/README.md.
 *
 * @module
 */
import type { OptionSpec } from "../src/cli/options.ts";
import { TRAINED_PROBLEM_OPTIONS } from "../src/cli/problem_options.ts";
import {
  MODEL_OPTIONS,
  readSettings,
  REVERSE_OPTION,
  TRAINING_OPTIONS,
} from "../src/cli/settings.ts";
import { printError, printText } from "../src/cli/terminal.ts";
import { checkTyped } from "../src/cli/usage_error.ts";
import { openSplit } from "../src/checkpoint/open_split.ts";
import { createDataset } from "../src/dataset/dataset.ts";
import { checkCanSplit } from "../src/dataset/prepare_split.ts";
import type { ProblemSettings } from "../src/problem/problem.ts";
import type { Model } from "../src/model/model.ts";
import type { Settings } from "../src/training/choose_settings.ts";
import type { EpochMetrics } from "../src/training/metrics.ts";
import type { Example } from "../src/problem/example.ts";
import { createProblem } from "../src/problem/registry.ts";
import { chooseDevice } from "../src/device/choose.ts";
import type { Device } from "../src/device/executor.ts";
import { createModel } from "../src/model/create_model.ts";
import { predict } from "../src/model/predict.ts";
import { forkPrng } from "../src/random/prng.ts";
import { evaluate } from "../src/training/evaluate.ts";
import { train } from "../src/training/train.ts";
import { createTraining } from "../src/training/create_training.ts";
import { type BenchUsage, readBenchOptions, readCount } from "./bench_options.ts";
import { describeSetting, formatSetting, formatTable } from "./setting.ts";

/** Up to this number of digits all sums are asked. */
const MOST_DIGITS = 3;
/** Number of sums that are drawn for the lengths of two numbers if there are more and not all are asked. */
const DRAWN = 10_000;

/** The options of a training except its seed, which `--first` and `--seeds` give. */
const SETTINGS: readonly OptionSpec[] = [
  ...TRAINED_PROBLEM_OPTIONS.filter(({ name }) => name !== "seed"),
  REVERSE_OPTION,
  ...MODEL_OPTIONS,
  ...TRAINING_OPTIONS,
];

const USAGE: BenchUsage = {
  command: "deno task bench:sums",
  summary:
    "train with some seeds on the CPU, and ask every sum of numbers of up to three digits, both ways round, and some of longer ones",
  options: [
    { name: "seeds", value: "N", help: "number of seeds (default 10)" },
    { name: "first", value: "N", help: "the first of them (default 1)" },
    { name: "threads", value: "N", help: "threads of a training (default: all cores)" },
    { name: "json", help: "print JSON instead of a table" },
    ...SETTINGS,
  ],
  examples: ["", "--seeds 3 --recipe notebook", "--digits 2 --examples 5000 --epochs 20"],
};

/** The result of one training. */
interface Figures extends Partial<AskedSums> {
  readonly seed: number;
  readonly epochs: number;
  /** Time of its steps. */
  readonly seconds: number;
  /** Share of the questions held out that are answered right. */
  readonly heldOut: number;
}

/** Shares of sums of two decimal numbers that are answered right. */
interface AskedSums {
  /** All sums of numbers of up to the problem's digits; estimated if some cells were drawn. */
  readonly all: number;
  /** By the lengths of both numbers: `1+2`. */
  readonly sums: Readonly<Record<string, number>>;
  /** Sums of two one-digit numbers that are answered wrong. */
  readonly wrong: readonly string[];
}

if (import.meta.main) {
  const { seeds, first, threads, json, settingsOf } = readBenchOptions(
    Deno.args,
    USAGE,
    (typed) => {
      const settingsOf = (seed: number): Settings =>
        readSettings({
          ...typed,
          text: (name) => name === "seed" ? String(seed) : typed.text(name),
        });
      const { problem, model } = settingsOf(1);
      const { count } = createProblem(problem, model).generated!;
      checkTyped(() => checkCanSplit(count)); // errors in options come before any training
      return {
        seeds: readCount(typed, "seeds", 10),
        first: readCount(typed, "first", 1),
        threads: readCount(typed, "threads", navigator.hardwareConcurrency),
        json: typed.flag("json"),
        settingsOf,
      };
    },
  );
  const setting = await describeSetting("bench:sums");
  const device = await chooseDevice("cpu", { threads });
  const all: Figures[] = [];
  for (let seed = first; seed < first + seeds; seed++) {
    const figures = await measureSeed(device, seed, settingsOf(seed));
    printError(describe(figures));
    all.push(figures);
  }
  printText(
    json
      ? JSON.stringify({ ...setting, trainings: all }, null, 2)
      : `${formatSetting(setting)}\n\n${formatAll(all)}`,
  );
}

async function measureSeed(device: Device, seed: number, settings: Settings): Promise<Figures> {
  const { problem, model: config, training: options } = settings;
  const split = await openSplit(settings);
  using model = await createModel(config, { device, seed });
  using training = createTraining(model, options);
  for await (const _ of train(training, split, { samples: 0 }));
  const { history } = training.progress;
  const { epoch, exactMatch: heldOut } = history.at(-1)!;
  const figures = { seed, epochs: epoch, seconds: countSeconds(history), heldOut };
  return isAddition(problem)
    ? { ...figures, ...await askSums(model, Number(problem.digits)) }
    : figures;
}

/** Says whether the sums of two decimal numbers are learned. */
function isAddition({ name, terms, base }: ProblemSettings): boolean {
  return name === "addition" && terms === 2 && base === 10;
}

function countSeconds(history: readonly EpochMetrics[]): number {
  return history.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0) / 1000;
}

async function askSums(model: Model, digits: number): Promise<AskedSums> {
  const sums: Record<string, number> = {};
  const all = { asked: 0, right: 0 };
  const most = digits <= MOST_DIGITS ? Infinity : DRAWN;
  const lengths = Array.from({ length: digits }, (_, i) => i + 1);
  for (const [a, b] of lengths.flatMap((a) => lengths.map((b) => [a, b] as const))) {
    const { exactMatch } = await evaluate(model, createDataset(listSums(a, b, most), model.config));
    sums[`${a}+${b}`] = exactMatch;
    const of = countNumbers(a) * countNumbers(b);
    all.asked += of;
    all.right += exactMatch * of;
  }
  const short = [...listSums(1, 1)];
  const answers = await predict(model, short.map(({ question }) => question));
  const wrong = answers.filter(({ answer }, i) => answer !== short[i]!.answer);
  return {
    ...{ all: all.right / all.asked, sums },
    wrong: wrong.map(({ question, answer }) => `${question}=${answer}`),
  };
}

/** Lists the sums of all numbers of some digits, or draws some if there are more than `most`. Numbers of one digit are 0 to 9, those of two 10 to 99. */
function* listSums(a: number, b: number, most = Infinity): Generator<Example, void> {
  const [firstA, firstB] = [firstNumber(a), firstNumber(b)];
  const [countA, countB] = [countNumbers(a), countNumbers(b)];
  const add = (x: number, y: number): Example => ({ question: `${x}+${y}`, answer: String(x + y) });
  if (countA * countB <= most) {
    for (let x = 0; x < countA; x++) {
      for (let y = 0; y < countB; y++) yield add(firstA + x, firstB + y);
    }
    return;
  }
  const prng = forkPrng(0, `sums/${a}+${b}`);
  for (let i = 0; i < most; i++) {
    yield add(firstA + prng.nextInt(countA), firstB + prng.nextInt(countB));
  }
}

function firstNumber(digits: number): number {
  return digits === 1 ? 0 : 10 ** (digits - 1);
}

function countNumbers(digits: number): number {
  return 10 ** digits - firstNumber(digits);
}

function describe(figures: Figures): string {
  const { seed, seconds, wrong = [] } = figures;
  const shares = listShares(figures).map(([name, share]) => `${name} ${percent(share)}`);
  return [`seed ${seed}: ${seconds.toFixed(1)} s`, ...shares, ...wrong].join("  ");
}

function listShares({ heldOut, all, sums = {} }: Figures): [string, number][] {
  return [
    ["held out", heldOut],
    ...(all === undefined ? [] : [["all", all] satisfies [string, number]]),
    ...Object.entries(sums),
  ];
}

function formatAll(all: readonly Figures[]): string {
  const shares = all.map((figures) => listShares(figures).map(([, share]) => share));
  const worst = shares.reduce((a, b) => a.map((share, i) => Math.min(share, b[i]!)));
  return formatTable([
    ["seed", ...listShares(all[0]!).map(([name]) => name)],
    ...all.map(({ seed }, i) => [String(seed), ...shares[i]!.map(percent)]),
    ["worst", ...worst.map(percent)],
  ]);
}

function percent(share: number): string {
  return `${(Math.floor(1e5 * share) / 1000).toFixed(3)} %`; // rounded down: 100 % means all;
}
