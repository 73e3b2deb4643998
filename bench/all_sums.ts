/**
 * Measures which sums a trained model answers: those that were held out, and all sums of short numbers, for some seeds.
 *
 * `deno task bench:sums`; the options are in bench/README.md.
 *
 * @module
 */
import type { OptionSpec } from "../src/cli/options.ts";
import { PROBLEM_OPTIONS } from "../src/cli/problem_options.ts";
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
import { checkCanSplit } from "../src/dataset/prepare_split.ts";
import { createProblem } from "../src/problem/registry.ts";
import { chooseDevice } from "../src/device/choose.ts";
import type { Device } from "../src/device/executor.ts";
import { createModel } from "../src/model/create_model.ts";
import type { Model } from "../src/model/model.ts";
import { predict } from "../src/model/predict.ts";
import { train } from "../src/training/train.ts";
import { createTraining } from "../src/training/create_training.ts";
import { type BenchUsage, readBenchOptions, readCount } from "./bench_options.ts";
import { describeSetting, formatSetting, formatTable } from "./setting.ts";

/** Digits of the first and of the second number of the sums that are asked. */
const LENGTHS = [[1, 1], [1, 2], [2, 1], [2, 2]] as const;

/** The options of a training except its seed, which `--first` and `--seeds` give. */
const SETTINGS: readonly OptionSpec[] = [
  ...PROBLEM_OPTIONS.filter(({ name }) => name !== "seed"),
  REVERSE_OPTION,
  ...MODEL_OPTIONS,
  ...TRAINING_OPTIONS,
];

const USAGE: BenchUsage = {
  command: "deno task bench:sums",
  summary:
    "train with some seeds on the CPU, and ask every sum of numbers of one and two digits, both ways round",
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
          number: (name) => name === "seed" ? seed : typed.number(name),
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
  const wrong: string[] = [];
  for (const [a, b] of LENGTHS) {
    if (Math.max(a, b) > Number(problem.digits)) continue;
    const questions = [...listSums(a, b)];
    const missed = await findWrong(model, questions);
    sums[`${a}+${b}`] = 1 - missed.length / questions.length;
    if (a + b === 2) wrong.push(...missed);
  }
  const { epoch, exactMatch } = history.at(-1)!;
  return { seed, epochs: epoch, heldOut: exactMatch, sums, wrong };
}

/** Lists the sums of all numbers of some digits; those of one digit are 0 to 9, those of two 10 to 99. */
function* listSums(a: number, b: number): Generator<string, void> {
  for (const first of listNumbers(a)) {
    for (const second of listNumbers(b)) yield `${first}+${second}`;
  }
}

function listNumbers(digits: number): readonly number[] {
  const from = digits === 1 ? 0 : 10 ** (digits - 1);
  return Array.from({ length: 10 ** digits - from }, (_, i) => from + i);
}

async function findWrong(model: Model, questions: readonly string[]): Promise<string[]> {
  const predictions = await predict(model, questions);
  return predictions.filter(({ question, answer }) => {
    const [a, b] = question.split("+").map(Number);
    return answer !== String(a! + b!);
  }).map(({ question, answer }) => `${question}=${answer}`);
}

function describe({ seed, heldOut, sums, wrong }: Figures): string {
  const shares = Object.entries(sums).map(([lengths, share]) => `${lengths} ${percent(share)}`);
  return [`seed ${seed}: held out ${percent(heldOut)}`, ...shares, ...wrong].join("  ");
}

function formatAll(all: readonly Figures[]): string {
  const lengths = Object.keys(all[0]!.sums);
  const columns = (figures: Figures): number[] => [
    figures.heldOut,
    ...lengths.map((each) => figures.sums[each]!),
  ];
  const worst = all.map(columns).reduce((a, b) => a.map((share, i) => Math.min(share, b[i]!)));
  return formatTable([
    ["seed", "held out", ...lengths],
    ...all.map((figures) => [String(figures.seed), ...columns(figures).map(percent)]),
    ["worst", ...worst.map(percent)],
  ]);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
