/**
 * Measures which sums a trained model answers, for some seeds: those that were held out, and all sums of numbers of up to three
 * digits, both ways round, by the digits of both numbers. Of longer numbers it asks some.
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
  type Settings,
  TRAINING_OPTIONS,
} from "../src/cli/settings.ts";
import { printError, printText } from "../src/cli/terminal.ts";
import { checkTyped } from "../src/cli/usage_error.ts";
import { openSplit } from "../src/checkpoint/open_split.ts";
import { createDataset } from "../src/dataset/dataset.ts";
import { checkCanSplit } from "../src/dataset/prepare_split.ts";
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

/** Most sums of numbers of some digits that are asked: all of two numbers of three digits. If there are more, some are drawn. */
const MOST_ASKED = 810_000;
/** Number of sums that are drawn if there are too many to ask all. */
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

/** Shares of right answers of one training. */
interface Figures {
  readonly seed: number;
  readonly epochs: number;
  readonly heldOut: number;
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
  const sums: Record<string, number> = {};
  const all = { asked: 0, right: 0 };
  const lengths = Array.from({ length: Number(problem.digits) }, (_, i) => i + 1);
  for (const [a, b] of lengths.flatMap((a) => lengths.map((b) => [a, b] as const))) {
    const dataset = createDataset(listSums(a, b), config);
    const { exactMatch } = await evaluate(model, dataset);
    sums[`${a}+${b}`] = exactMatch;
    const of = countNumbers(a) * countNumbers(b);
    all.asked += of;
    all.right += exactMatch * of;
  }
  const short = [...listSums(1, 1)];
  const answers = await predict(model, short.map(({ question }) => question));
  const { epoch, exactMatch } = history.at(-1)!;
  return {
    ...{ seed, epochs: epoch, heldOut: exactMatch, all: all.right / all.asked, sums },
    wrong: answers.filter(({ answer }, i) => answer !== short[i]!.answer)
      .map(({ question, answer }) => `${question}=${answer}`),
  };
}

/** Lists the sums of all numbers of some digits, or draws some. Numbers of one digit are 0 to 9, those of two 10 to 99. */
function* listSums(a: number, b: number): Generator<Example, void> {
  const [firstA, firstB] = [firstNumber(a), firstNumber(b)];
  const [countA, countB] = [countNumbers(a), countNumbers(b)];
  const add = (x: number, y: number): Example => ({ question: `${x}+${y}`, answer: String(x + y) });
  if (countA * countB <= MOST_ASKED) {
    for (let x = 0; x < countA; x++) {
      for (let y = 0; y < countB; y++) yield add(firstA + x, firstB + y);
    }
    return;
  }
  const prng = forkPrng(0, `sums/${a}+${b}`);
  for (let i = 0; i < DRAWN; i++) {
    yield add(firstA + prng.nextInt(countA), firstB + prng.nextInt(countB));
  }
}

function firstNumber(digits: number): number {
  return digits === 1 ? 0 : 10 ** (digits - 1);
}

function countNumbers(digits: number): number {
  return 10 ** digits - firstNumber(digits);
}

function describe({ seed, heldOut, all, sums, wrong }: Figures): string {
  const shares = Object.entries(sums).map(([lengths, share]) => `${lengths} ${percent(share)}`);
  return [`seed ${seed}: held out ${percent(heldOut)}  all ${percent(all)}`, ...shares, ...wrong]
    .join("  ");
}

function formatAll(all: readonly Figures[]): string {
  const lengths = Object.keys(all[0]!.sums);
  const columns = (figures: Figures): number[] => [
    figures.heldOut,
    figures.all,
    ...lengths.map((each) => figures.sums[each]!),
  ];
  const worst = all.map(columns).reduce((a, b) => a.map((share, i) => Math.min(share, b[i]!)));
  return formatTable([
    ["seed", "held out", "all", ...lengths],
    ...all.map((figures) => [String(figures.seed), ...columns(figures).map(percent)]),
    ["worst", ...worst.map(percent)],
  ]);
}

function percent(share: number): string {
  return `${(Math.floor(1e5 * share) / 1000).toFixed(3)} %`; // rounded down: 100 % means all;
}
