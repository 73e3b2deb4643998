/** Beam search: finds probable answers, also those that do not begin with the most probable symbols. @module */
import type { ChosenSymbols } from "../device/decoding.ts";
import {
  copyRow,
  type FoundAnswer,
  type FoundLayout,
  type GivenRow,
  type Hypothesis,
  NO_SYMBOL,
  readFound,
} from "./hypothesis.ts";
import type { SourceSymbols, SymbolSource } from "./symbol_source.ts";

/** What to look for. */
export interface SearchPlan extends FoundLayout {
  /** Number of hypotheses that are kept for each question, k. */
  readonly beam: number;
  /** Number of answers to give for each question, at most k. */
  readonly nBest: number;
  /** Exponent α of the length in the score. */
  readonly lengthPenalty: number;
  /** Called after every step, so that others get a turn. What it throws ends the search. */
  readonly afterStep: () => Promise<void>;
}

/**
 * Finds the best answers to each source. At every step the k best hypotheses of a question are kept, ended ones among them. With
 * k = 1 it chooses the most probable symbol at every position, and of equally probable ones the first.
 *
 *   score(y) = log p(y | x) / |y|^α, where |y| counts the end symbol
 *
 * The search of a question is over when no hypothesis can become one of the n best: its probability does not grow, so that its
 * score will be at most log p / T_out^α.
 *
 * Source of the score: `lenpen` of fairseq, `length_penalty` of Hugging Face Transformers. Wu et al. 2016 (equation 14) divide by
 * ((5 + |y|) / 6)^α instead.
 *
 * @returns the answers to each source, 1 to n, the best first
 * @throws what the source and `afterStep` throw
 */
export async function searchAnswers(
  source: SymbolSource,
  plan: SearchPlan,
): Promise<readonly (readonly FoundAnswer[])[]> {
  const beams = Array.from({ length: source.count }, (): readonly Hypothesis[] => [NO_SYMBOL]);
  let open = [...beams.keys()];
  for (let t = 0; t < plan.length && open.length > 0; t++) {
    const live = open.flatMap((i) => beams[i]!.filter(isLive));
    const given = await source.step(t === 0 ? undefined : choose(live));
    let row = 0;
    for (const i of open) {
      const beam = beams[i]!;
      beams[i] = extendBeam(beam, { given, firstRow: row, plan });
      row += beam.filter(isLive).length;
    }
    open = open.filter((i) => !isOver(beams[i]!, plan));
    await plan.afterStep();
  }
  return beams.map((beam) =>
    beam.filter(({ ended }) => ended).slice(0, plan.nBest).map((each) => readFound(each, plan))
  );
}

function isLive({ ended }: Hypothesis): boolean {
  return !ended;
}

/** Says to a source which hypotheses go on. */
function choose(live: readonly Hypothesis[]): ChosenSymbols {
  return {
    parents: Uint32Array.from(live, ({ row }) => row),
    symbols: Uint8Array.from(live, ({ symbol }) => symbol),
  };
}

/** A step, as a beam needs it. */
interface Extension {
  readonly given: SourceSymbols;
  /** The row of the beam's first live hypothesis in what was given. */
  readonly firstRow: number;
  readonly plan: SearchPlan;
}

/** Gives the best of all that a beam's hypotheses may become, by their scores; equal ones in the order of the beam. */
function extendBeam(
  beam: readonly Hypothesis[],
  { given, firstRow, plan }: Extension,
): Hypothesis[] {
  const { size, beam: width, lengthPenalty, endSymbol, length: most } = plan;
  const best: Hypothesis[] = [];
  let row = firstRow;
  for (const before of beam) {
    if (before.ended) {
      keepBest(best, width, before);
      continue;
    }
    const length = before.length + 1;
    const divisor = length ** lengthPenalty;
    for (let symbol = 0; symbol < size; symbol++) {
      const probability = given.probabilities[row * size + symbol]!;
      const logProbability = before.logProbability + logOf(probability);
      const score = logProbability / divisor;
      if (best.length === width && score <= best[width - 1]!.score) continue;
      keepBest(best, width, {
        ...{ before, row, symbol, probability, logProbability, score, length },
        ended: symbol === endSymbol || length === most,
      });
    }
    row++;
  }
  return plan.probabilities || plan.attention ? keepRows(best, beam, { given, plan }) : best;
}

/** Gives new hypotheses the rows that they come from: those of hypotheses that are dropped later are freed with them. */
function keepRows(
  best: readonly Hypothesis[],
  beam: readonly Hypothesis[],
  { given, plan: { size } }: Pick<Extension, "given" | "plan">,
): Hypothesis[] {
  const rows = new Map<number, GivenRow>();
  const rowOf = (row: number): GivenRow => {
    const known = rows.get(row) ?? copyRow(given, row, size);
    rows.set(row, known);
    return known;
  };
  return best.map((each) => beam.includes(each) ? each : { ...each, given: rowOf(each.row) });
}

/** Gives the logarithm of a probability. What is not a number counts as 0, so that there is always an answer. */
function logOf(probability: number): number {
  return probability > 0 ? Math.log(probability) : -Infinity;
}

/** Puts a hypothesis among the best ones, after those of equal scores, if it is one of them. */
function keepBest(best: Hypothesis[], width: number, hypothesis: Hypothesis): void {
  let at = best.length;
  while (at > 0 && best[at - 1]!.score < hypothesis.score) at--;
  if (at >= width) return;
  best.splice(at, 0, hypothesis);
  if (best.length > width) best.pop();
}

/** Says whether the n best are found: they have ended, and no other hypothesis can become better. */
function isOver(
  beam: readonly Hypothesis[],
  { nBest, length, lengthPenalty }: SearchPlan,
): boolean {
  const ended = beam.filter((each) => each.ended);
  if (ended.length === beam.length) return true;
  const last = ended[nBest - 1];
  if (last === undefined) return false;
  const divisor = length ** lengthPenalty;
  return beam.every((each) => each.ended || each.logProbability / divisor <= last.score);
}
