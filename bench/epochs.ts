/**
 * Compares an epoch of our training of a model with attention with one of Yoyodyne, on the same pairs and cores, in turns.
 *
 * `deno task bench:epochs --data FILE --python .venv-yoyodyne/bin/python`; the options are in bench/README.md.
 *
 * @module
 */
import { printError, printText } from "../src/cli/terminal.ts";
import { type BenchUsage, readBenchOptions, readCount } from "./bench_options.ts";
import { type Contestant, startContestant } from "./contestant.ts";
import { EPOCH_OPTIONS, type EpochOptions, readEpochOptions } from "./epoch_options.ts";
import { isQuiet, median, type Round } from "./round.ts";
import { describeSetting, formatSetting, formatTable } from "./setting.ts";

const USAGE: BenchUsage = {
  command: "deno task bench:epochs",
  summary: "compare an epoch of a model with attention with one of Yoyodyne, in turns",
  options: [
    ...EPOCH_OPTIONS.filter(({ name }) => name !== "least-parameters"),
    { name: "rounds", value: "N", help: "number of epochs of each (default 5)" },
    {
      name: "python",
      value: "PATH",
      help: "Python that has Yoyodyne (default: $CARRY_YOYODYNE_PYTHON, else python3)",
    },
    { name: "json", help: "print JSON instead of a table" },
  ],
  examples: [
    "--data pairs.tsv --python .venv-yoyodyne/bin/python",
    "--data pairs.tsv --hidden-size 512",
  ],
};

/** What our epoch shall be faster by. */
const GOAL = 20;

interface EpochsOptions extends EpochOptions {
  readonly rounds: number;
  readonly python: string;
  readonly json: boolean;
}

/** One who trains, and its epochs. */
interface Trainer {
  readonly label: string;
  readonly contestant: Contestant;
  readonly rounds: Round[];
}

if (import.meta.main) {
  const options = readBenchOptions(Deno.args, USAGE, (typed): EpochsOptions => ({
    ...readEpochOptions(typed),
    rounds: readCount(typed, "rounds", 5),
    python: typed.text("python") ?? Deno.env.get("CARRY_YOYODYNE_PYTHON") ?? "python3",
    json: typed.flag("json"),
  }));
  const setting = await describeSetting("bench:epochs");
  try {
    const rows = await compareEpochs(options);
    printText(
      options.json
        ? JSON.stringify({ ...setting, trainers: rows }, null, 2)
        : `${formatSetting(setting)}\n\n${formatRows(rows)}`,
    );
  } catch (error) {
    printError(`Cannot compare: ${(error as Error).message}`);
    Deno.exit(1);
  }
}

/** Starts all, and lets them train an epoch each in turns. Yoyodyne is the first: ours has as many parameters in one size. */
async function compareEpochs(options: EpochsOptions): Promise<Omit<Trainer, "contestant">[]> {
  await using processes = new AsyncDisposableStack();
  const start = async (label: string, command: readonly string[]): Promise<Trainer> => {
    printError(`starting ${label}`);
    const contestant = processes.use(startContestant(command));
    return { label, contestant, rounds: [await contestant.measure()] };
  };
  const yoyodyne = await start("Yoyodyne", [
    ...[options.python, pathOf("peers/yoyodyne_attention.py"), ...listShared(options)],
  ]);
  const parameters = yoyodyne.rounds[0]!.parameters;
  const ours = [Deno.execPath(), "run", "-A", pathOf("epoch.ts"), ...listShared(options)];
  const trainers = [
    await start("Carry, equal widths", ours),
    await start("Carry, as many parameters", [...ours, `--least-parameters=${parameters}`]),
    yoyodyne,
  ];
  for (let round = 1; round <= options.rounds; round++) {
    printError(`epoch ${round} of ${options.rounds}`);
    for (const { contestant, rounds } of trainers) rounds.push(await contestant.measure());
  }
  return trainers.map(({ label, rounds }) => ({ label, rounds: rounds.slice(1) })); // the first was a warm-up
}

/** The options that both sides have. */
function listShared(options: EpochsOptions): string[] {
  const { data, targetSeparator, hiddenSize, embeddingSize, batchSize, dropout, threads } = options;
  return [
    ...[`--data=${data}`, `--hidden-size=${hiddenSize}`, `--embedding-size=${embeddingSize}`],
    ...[`--batch-size=${batchSize}`, `--dropout=${dropout}`, `--threads=${threads}`],
    ...(targetSeparator === "" ? [] : [`--target-separator=${targetSeparator}`]),
  ];
}

function formatRows(trainers: readonly Omit<Trainer, "contestant">[]): string {
  const peer = trainers.at(-1)!;
  const head = [
    ...["implementation", "hidden", "parameters", "epoch s", "processor s", "quiet epochs"],
    ...["Yoyodyne's epoch ÷ it", "processor time ÷ it", "goal"],
  ];
  return formatTable([
    head,
    ...trainers.map((trainer) => {
      const { label, rounds } = trainer;
      const [times, quiet] = [rounds.map(processorMsOf), rounds.filter(isQuiet)];
      const isOurs = trainer !== peer;
      return [
        ...[label, String(rounds[0]!.hiddenSize), rounds[0]!.parameters.toLocaleString("en")],
        (median(rounds.map(({ medianMs }) => medianMs)) / 1000).toFixed(2),
        (median(times) / 1000).toFixed(2),
        `${quiet.length} of ${rounds.length}`,
        isOurs ? divide(peer.rounds, rounds, ({ medianMs }) => medianMs) : "",
        isOurs ? divide(peer.rounds, rounds, processorMsOf) : "",
        isOurs ? `${GOAL}×` : "",
      ];
    }),
  ]);
}

function processorMsOf({ processorMs }: Round): number {
  return processorMs ?? NaN;
}

/** Divides medians; in brackets the least and the greatest ratio of two rounds. */
function divide(
  theirs: readonly Round[],
  ours: readonly Round[],
  timeOf: (round: Round) => number,
): string {
  const [their, our] = [theirs.map(timeOf), ours.map(timeOf)];
  const range = [Math.min(...their) / Math.max(...our), Math.max(...their) / Math.min(...our)];
  return `${(median(their) / median(our)).toFixed(1)} (${
    range.map((ratio) => ratio.toFixed(1)).join("–")
  })`;
}

function pathOf(file: string): string {
  return new URL(file, import.meta.url).pathname;
}
