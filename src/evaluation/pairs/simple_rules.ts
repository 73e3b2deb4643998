/** What two simple rules, copying and memorising, would answer correctly. @module */
import type { MeasuredPairs } from "../../problem/pairs/pair_meter.ts";
import { formatPlural } from "../format.ts";
import { formatShare } from "./pairs_figures.ts";

/** What two simple rules would answer correctly of the validation or the test pairs. */
export interface SimpleRules {
  /** On which pairs. */
  readonly of: string;
  /** Share, as a text, that is right if every answer is its question. */
  readonly copied: string;
  /** Share, as a text, that is right if every answer is the question's most frequent one in the data. */
  readonly memorised: string;
  /** Share, as a text, that both together get right: copying where there is nothing to remember. */
  readonly either: string;
}

/** Gives what they would answer on every side that a model is measured on. */
export function rulesOf({ held, files, overlap }: MeasuredPairs): SimpleRules[] {
  const rules: SimpleRules[] = [];
  if (held !== null) {
    rules.push({
      of: `Validation (${formatPlural(held.heldBack.pairs, "pair")} held back)`,
      copied: formatShare(held.copied / held.heldBack.pairs),
      memorised: formatShare(0),
      either: formatShare(held.copied / held.heldBack.pairs),
    });
  }
  for (const side of ["validation", "test"] as const) {
    const [facts, found] = [files[side], overlap[side]];
    if (facts === null || found === null) continue;
    const { pairs } = facts.report;
    rules.push({
      of: `${side === "test" ? "Test" : "Validation"} (${formatPlural(pairs, "pair")})`,
      copied: formatShare(found.copied / pairs),
      memorised: formatShare(found.memorised / pairs),
      either: formatShare(found.either / pairs),
    });
  }
  return rules;
}
