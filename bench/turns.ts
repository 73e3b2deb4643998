/** Runs competitors in turns: all measure one round, then all measure the next, so that changes on the machine affect all alike. @module */
import { printError } from "../src/cli/terminal.ts";
import { checkRound, type Expectation, type Outcome } from "./comparison.ts";
import type { Competitor } from "./competitors.ts";
import { type Contestant, startContestant } from "./contestant.ts";
import type { Round } from "./round.ts";

/** How to run them. */
export interface TurnsPlan {
  /** Number of rounds. */
  readonly rounds: number;
  /** Number of parameters that every model must have. */
  readonly parameters: number;
  /** Number of first losses that must equal those of the first competitor. */
  readonly comparedLosses: number;
}

/** Starts one competitor after another, then runs them in turns. One that fails is reported as missing, with the reason. */
export async function runInTurns(
  competitors: readonly Competitor[],
  plan: TurnsPlan,
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
      if (expected.losses.length === 0) {
        expected = { ...expected, losses: round.losses.slice(0, plan.comparedLosses) };
      }
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
