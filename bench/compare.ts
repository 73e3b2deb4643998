/**
 * Compares our training step with those of the peers, in turns: all measure one round, then all measure the next, so that
 * changes on the machine affect all alike.
 *
 * `deno task bench --python .venv/bin/python`; the options are in bench/README.md.
 *
 * @module
 */
import { printError, printText } from "../src/cli/terminal.ts";
import { countModelParameters } from "../src/model/create_model.ts";
import { checkRound, compareOutcomes, type Expectation, type Outcome } from "./comparison.ts";
import {
  type BenchUsage,
  readBenchOptions,
  readCount,
  readNames,
  readPositive,
} from "./bench_options.ts";
import { type Competitor, listCompetitors } from "./competitors.ts";
import { type Contestant, startContestant } from "./contestant.ts";
import { formatRows } from "./comparison_table.ts";
import type { Round } from "./round.ts";
import { describeSetting, formatSetting } from "./setting.ts";
import { configureTask, countStepFlops } from "./task.ts";

const DEFAULTS = { rounds: 5, seconds: 1, hiddenSize: 128, batchSize: 128 };

const USAGE: BenchUsage = {
  command: "deno task bench",
  summary: "compare Carry's training step with those of other frameworks, in turns",
  options: [
    {
      name: "rounds",
      value: "N",
      help: `number of rounds (default ${DEFAULTS.rounds})`,
    },
    { name: "seconds", value: "X", help: `seconds per round (default ${DEFAULTS.seconds})` },
    { name: "hidden-size", value: "N", help: `hidden size (default ${DEFAULTS.hiddenSize})` },
    { name: "batch-size", value: "N", help: `examples per step (default ${DEFAULTS.batchSize})` },
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
  examples: ["--only keras-jax --python .venv/bin/python", "--rounds 15 --json"],
};

if (import.meta.main) {
  const options = readOptions(Deno.args);
  const { cores, hiddenSize, batchSize, rounds } = options;
  const setting = await describeSetting("bench");
  const config = configureTask(hiddenSize);
  const outcomes = await runRounds(chooseCompetitors(options), {
    rounds,
    parameters: countModelParameters(config),
  });
  const rows = compareOutcomes(outcomes, cores);
  const shape = { hiddenSize, batchSize, stepFlops: countStepFlops(config, batchSize) };
  printText(
    options.json
      ? JSON.stringify({ ...setting, ...shape, rounds, rows }, null, 2)
      : `${formatSetting(setting)}\n\n${formatRows(rows, { ...shape, cores })}`,
  );
}

interface CompareOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly hiddenSize: number;
  readonly batchSize: number;
  readonly cores: number;
  /** Names of the peers to run; all if empty. */
  readonly only: readonly string[];
  readonly python: string;
  readonly json: boolean;
}

function readOptions(args: readonly string[]): CompareOptions {
  return readBenchOptions(args, USAGE, (typed) => {
    const options = {
      rounds: readCount(typed, "rounds", DEFAULTS.rounds),
      seconds: readPositive(typed, "seconds", DEFAULTS.seconds),
      hiddenSize: readCount(typed, "hidden-size", DEFAULTS.hiddenSize),
      batchSize: readCount(typed, "batch-size", DEFAULTS.batchSize),
      cores: navigator.hardwareConcurrency,
      python: typed.text("python") ?? Deno.env.get("CARRY_PEERS_PYTHON") ?? "python3",
      json: typed.flag("json"),
    };
    const names = listCompetitors(options).map(({ name }) => name);
    return { ...options, only: readNames(typed, "only", names) ?? [] };
  });
}

/** Selects the requested peers, and always our own runs. */
function chooseCompetitors(options: CompareOptions): readonly Competitor[] {
  const all = listCompetitors(options);
  if (options.only.length === 0) return all;
  return all.filter(({ name }) => name.startsWith("carry-") || options.only.includes(name));
}

/** Starts one competitor after another, then runs them in turns. One that fails is reported as missing, with the reason. */
async function runRounds(
  competitors: readonly Competitor[],
  plan: { readonly rounds: number; readonly parameters: number },
): Promise<readonly Outcome[]> {
  await using processes = new AsyncDisposableStack();
  const runners = new Map<Competitor, { contestant: Contestant; rounds: Round[] }>();
  const missing = new Map<Competitor, string>();
  let expected: Expectation = { parameters: plan.parameters, losses: [] };

  for (const competitor of competitors) {
    printError(`starting ${competitor.label}`);
    try {
      const contestant = processes.use(startContestant(competitor.command));
      const round = await contestant.measure(); // warm-up; it does not count
      checkRound(round, expected);
      if (expected.losses.length === 0) expected = { ...expected, losses: round.losses };
      runners.set(competitor, { contestant, rounds: [] });
    } catch (error) {
      missing.set(competitor, describeError(error));
    }
  }
  for (let turn = 1; turn <= plan.rounds; turn++) {
    printError(`round ${turn} of ${plan.rounds}`);
    for (const [competitor, { contestant, rounds }] of runners) {
      try {
        rounds.push(await contestant.measure());
      } catch (error) {
        missing.set(competitor, describeError(error));
        runners.delete(competitor);
      }
    }
  }
  return competitors.map((competitor) => {
    const reason = missing.get(competitor);
    return reason !== undefined
      ? { competitor, missing: reason }
      : { competitor, rounds: runners.get(competitor)!.rounds };
  });
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
