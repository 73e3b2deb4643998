/** Evaluates the rounds of all competitors: medians, ratios, and whether a target is met. @module */
import type { Competitor, Target } from "./competitors.ts";
import { isQuiet, median, type Round } from "./round.ts";

/** Rounds of a competitor, or the reason why there are none. */
export type Outcome =
  | { readonly competitor: Competitor; readonly rounds: readonly Round[] }
  | { readonly competitor: Competitor; readonly missing: string };

/** A ratio of a competitor's time to ours. */
export interface Ratio {
  /** Threads of our run. */
  readonly threads: number;
  /** The competitor's median over its quiet rounds, divided by our median over ours. */
  readonly median: number;
  /** Its best round divided by our worst, and its worst divided by our best. */
  readonly lowest: number;
  readonly highest: number;
}

/** A line of the comparison. */
export interface Row {
  readonly name: string;
  readonly label: string;
  /** The reason why there is no time. */
  readonly missing?: string;
  readonly version?: string;
  /** Median of the rounds' medians, and the shortest time. */
  readonly medianMs?: number;
  readonly minMs?: number;
  readonly steps?: number;
  /** Number of rounds without load from other processes. The figures are from these; from all, if there are none. */
  readonly quietRounds?: number;
  /** Ratios of its time to each run of ours. There is none if either has too few quiet rounds. */
  readonly ratios: readonly Ratio[];
  readonly targets: readonly Verdict[];
}

/** A target and its verdict. */
export interface Verdict {
  readonly target: Target;
  /** Whether the target is met. */
  readonly verdict: "met" | "not met" | "not measured";
}

/** The values that a round must have before its times count. */
export interface Expectation {
  /** Number of trainable parameters. */
  readonly parameters: number;
  /** Losses of the first steps. */
  readonly losses: readonly number[];
}

/**
 * A different order of rounding, and the different place of Adam's epsilon in PyTorch and tfjs, change the losses of the first
 * five steps by up to 3.2e-4 of their value.
 */
const LOSS_TOLERANCE = 1e-3;

/** Least number of quiet rounds for a ratio. */
const LEAST_QUIET_ROUNDS = 3;

/** Checks that a competitor trains the same model on the same batch. @throws {Error} if it does not */
export function checkRound(round: Round, expected: Expectation): void {
  if (round.parameters !== expected.parameters) {
    throw new Error(`its model has ${round.parameters} parameters, not ${expected.parameters}`);
  }
  const { losses } = round;
  if (!losses.every((loss, i) => i === 0 || loss < losses[i - 1]!)) {
    throw new Error(`its loss does not fall: ${losses.join(", ")}`);
  }
  const near = expected.losses.every((loss, i) =>
    Math.abs(losses[i]! - loss) <= LOSS_TOLERANCE * loss
  );
  if (!near) {
    throw new Error(`its losses are ${losses.join(", ")}, not ${expected.losses.join(", ")}`);
  }
}

/** Computes a row for every competitor. */
export function compareOutcomes(outcomes: readonly Outcome[]): readonly Row[] {
  const ours = outcomes.flatMap((outcome) => {
    const threads = outcome.competitor.ours;
    return threads === undefined || "missing" in outcome
      ? []
      : [{ threads, rounds: outcome.rounds }];
  });
  return outcomes.map((outcome) => {
    const { name, label, targets } = outcome.competitor;
    if ("missing" in outcome) {
      const verdicts = targets.map((target) => ({ target, verdict: "not measured" as const }));
      return { name, label, missing: outcome.missing, ratios: [], targets: verdicts };
    }
    const { rounds } = outcome;
    const ratios = ours.flatMap(({ threads, rounds: our }): Ratio[] => {
      const ratio = divideRounds(rounds, our);
      return ratio === undefined ? [] : [{ threads, ...ratio }];
    });
    const quiet = rounds.filter(isQuiet);
    const told = quiet.length === 0 ? rounds : quiet;
    return {
      name,
      label,
      version: rounds[0]!.version,
      medianMs: median(told.map(({ medianMs }) => medianMs)),
      minMs: Math.min(...told.map(({ minMs }) => minMs)),
      steps: told.reduce((sum, { steps }) => sum + steps, 0),
      quietRounds: quiet.length,
      ratios,
      targets: targets.map((target) => ({ target, verdict: judge(target, ratios, quiet) })),
    };
  });
}

/** Divides medians over quiet rounds; undefined if there are too few. */
function divideRounds(
  theirs: readonly Round[],
  ours: readonly Round[],
): Omit<Ratio, "threads"> | undefined {
  const [their, our] = [theirs, ours].map((rounds) =>
    rounds.filter(isQuiet).map(({ medianMs }) => medianMs)
  ) as [number[], number[]];
  if (Math.min(their.length, our.length) < LEAST_QUIET_ROUNDS) return undefined;
  return {
    median: median(their) / median(our),
    lowest: Math.min(...their) / Math.max(...our),
    highest: Math.max(...their) / Math.min(...our),
  };
}

function judge(
  target: Target,
  ratios: readonly Ratio[],
  quiet: readonly Round[],
): Verdict["verdict"] {
  if ("mostMs" in target) {
    if (quiet.length < LEAST_QUIET_ROUNDS) return "not measured";
    return median(quiet.map(({ medianMs }) => medianMs)) <= target.mostMs ? "met" : "not met";
  }
  const ratio = ratios.find(({ threads }) => threads === target.threads);
  if (ratio === undefined) return "not measured";
  return ratio.median >= target.atLeast ? "met" : "not met";
}
