/** The rows of a report about one file of pairs. @module */
import type { PairSource } from "../../problem/pairs/settings.ts";
import type { SymbolCount } from "../../problem/pairs/symbol_counts.ts";
import type { SideFacts } from "../../problem/pairs/side_tally.ts";
import type { FileFacts } from "../../problem/pairs/tally.ts";
import type { Row } from "../lay_rows.ts";
import { formatCount, formatPlural } from "../format.ts";
import { nameOf } from "./pairs_figures.ts";

/** Most rare symbols that are listed. */
const MOST_LISTED = 8;

/** Describes what a file has: pairs, bad lines, repeated pairs, several answers. */
export function describeFile(label: string, source: PairSource, facts: FileFacts): Row[] {
  const { report, questions, repeated, contradictory } = facts;
  return [
    `${label}: ${nameOf(source)}`,
    [
      "Pairs",
      `${formatCount(report.pairs)} in ${formatCount(report.lines)} lines${describeLeftOut(facts)}`,
    ],
    ...report.firstBadLines.map((line): Row => ["Bad line", line]),
    ["Questions", `${formatCount(questions)} different`],
    [
      "Repeated pairs",
      repeated === 0
        ? "none"
        : `${formatCount(repeated)}; they are kept, and count as often as they occur`,
    ],
    [
      "Several answers",
      contradictory === 0
        ? "no question"
        : `${formatPlural(contradictory, "question")}, the first in line ${
          facts.contradictoryLines.join(", ")
        }; all are kept`,
    ],
    ...facts.target.empty === 0 ? [] : [
      [
        "Empty answers",
        `${formatCount(facts.target.empty)}, the first in line ${facts.target.emptyLine}`,
      ] as const,
    ],
  ];
}

/** Describes the lines that were left out: ` (2 empty lines left out)`. */
export function describeLeftOut({ report: { emptyLines, badLines } }: FileFacts): string {
  const parts = [
    ...emptyLines === 0 ? [] : [`${formatCount(emptyLines)} empty`],
    ...badLines === 0 ? [] : [`${formatCount(badLines)} bad`],
  ];
  return parts.length === 0
    ? ""
    : ` (${parts.join(" and ")} ${emptyLines + badLines === 1 ? "line" : "lines"} left out)`;
}

/** Lists the symbols that occur a few times only; no row if there are none. */
export function rareRow({ symbols }: SideFacts, below: number): Row[] {
  const rare = symbols.filter(({ count }) => count <= below);
  if (rare.length === 0) return [];
  const shown = rare.slice(-MOST_LISTED).reverse().map(describeSymbol).join(", ");
  const more = rare.length > MOST_LISTED
    ? `, and ${formatCount(rare.length - MOST_LISTED)} more`
    : "";
  return [["  rare", `${shown}${more}`]];
}

/** Describes a symbol: `ſ (2, first in line 17)`. What cannot be seen alone is given by its number. */
function describeSymbol({ symbol, count: times, line }: SymbolCount): string {
  const shown = /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(symbol)
    ? symbol
    : Array.from(symbol.replace(/^\t(?=.)/s, ""), (each) =>
      /[\p{M}\p{Z}\p{C}]/u.test(each)
        ? `U+${each.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`
        : each).join("");
  return `${shown} (${times === 1 ? "once" : `${times} times`}, line ${line})`;
}

/** Describes the lengths of a side. */
export function describeLengths({ longest, longestLine, usual }: SideFacts): string {
  return `up to ${formatPlural(longest, "symbol")} (line ${longestLine}), 99 % up to ${
    formatCount(usual)
  }`;
}
