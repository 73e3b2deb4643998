// deno-lint-ignore-file no-console -- a bench prints what it measured
/**
 * Compares our training step with the peers', in turns: everybody measures a round, then everybody the next, so that
 * what changes on the machine meanwhile hits all.
 *
 * `deno task bench --python .venv/bin/python`; the options are in bench/README.md.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { countModelParameters } from "../src/model/model.ts";
import { checkRound, compareOutcomes, type Expectation, type Outcome } from "./comparison.ts";
import { type Competitor, listCompetitors } from "./competitors.ts";
import { type Contestant, startContestant } from "./contestant.ts";
import { formatRows } from "./comparison_table.ts";
import type { Round } from "./round.ts";
import { describeSetting, formatSetting } from "./setting.ts";
import { configureTask, countStepFlops } from "./task.ts";

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
  console.log(
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
  /** Names of the peers to run; all, where there are none. */
  readonly only: readonly string[];
  readonly python: string;
  readonly json: boolean;
}

function readOptions(args: readonly string[]): CompareOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "1" },
      "hidden-size": { type: "string", default: "128" },
      "batch-size": { type: "string", default: "128" },
      only: { type: "string", default: "" },
      python: { type: "string", default: Deno.env.get("CARRY_PEERS_PYTHON") ?? "python3" },
      json: { type: "boolean", default: false },
    },
  });
  return {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    hiddenSize: Number(values["hidden-size"]),
    batchSize: Number(values["batch-size"]),
    cores: navigator.hardwareConcurrency,
    only: values.only.split(",").filter(Boolean),
    python: values.python,
    json: values.json,
  };
}

/** Takes the peers that are asked for, and always ourselves. @throws {RangeError} if a name is unknown */
function chooseCompetitors(options: CompareOptions): readonly Competitor[] {
  const all = listCompetitors(options);
  const names = all.map(({ name }) => name);
  const unknown = options.only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot compare with "${unknown}": --only takes names of ${names.join(", ")}`,
    );
  }
  if (options.only.length === 0) return all;
  return all.filter(({ name }) => name.startsWith("carry-") || options.only.includes(name));
}

/** Starts one after another, then lets them take turns; whoever fails is missing, with the reason. */
async function runRounds(
  competitors: readonly Competitor[],
  plan: { readonly rounds: number; readonly parameters: number },
): Promise<readonly Outcome[]> {
  await using processes = new AsyncDisposableStack();
  const runners = new Map<Competitor, { contestant: Contestant; rounds: Round[] }>();
  const missing = new Map<Competitor, string>();
  let expected: Expectation = { parameters: plan.parameters, losses: [] };

  for (const competitor of competitors) {
    console.error(`starting ${competitor.label}`);
    try {
      const contestant = processes.use(startContestant(competitor.command));
      const round = await contestant.measure(); // warm-up: does not count
      checkRound(round, expected);
      if (expected.losses.length === 0) expected = { ...expected, losses: round.losses };
      runners.set(competitor, { contestant, rounds: [] });
    } catch (error) {
      missing.set(competitor, describeError(error));
    }
  }
  for (let turn = 1; turn <= plan.rounds; turn++) {
    console.error(`round ${turn} of ${plan.rounds}`);
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
