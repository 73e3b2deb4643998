/** A comparison of runs as text for people, as wide as the terminal. @module */
import { escapeText } from "../arguments/escape.ts";
import type { Comparison } from "../evaluation/comparison.ts";
import {
  formatCount,
  formatDifference,
  formatInterval,
  formatPlural,
  formatProbability,
  formatShare,
} from "../evaluation/format.ts";
import { wrapWords } from "../evaluation/columns.ts";
import type { Line } from "./terminal.ts";
import { layTable } from "./text_table.ts";

/** Describes a comparison in lines of at most some columns. @param equals characters between a question and its answer */
export function describeComparison(
  comparison: Comparison,
  { equals, columns }: { readonly equals: string; readonly columns: number },
): Line[] {
  const { asked, weights, examples, runs, pairs } = comparison;
  return [
    ...wrapWords(
      escapeText(
        `Asked: ${
          formatPlural(examples, "example")
        }, ${asked}; the ${weights} checkpoint of each run`,
      ),
      columns,
    ),
    "",
    ...layTable({
      title: "Exact match",
      head: ["right", "95 % interval"],
      rows: runs.map(({ run, ...figures }, i) => [
        `${i + 1}  ${escapeText(run)}`,
        formatShare(figures.exactMatch),
        formatInterval(figures),
      ]),
    }, columns),
    "",
    ...describePairs(pairs, columns),
    ...describeDiffering(comparison, { equals, columns }),
  ];
}

function describePairs(pairs: Comparison["pairs"], columns: number): string[] {
  const table = layTable({
    title: "Difference in percentage points, the second less the first",
    head: ["difference", "95 % interval", "p", "only first", "only second"],
    rows: pairs.map((pair) => [
      `${pair.first + 1} and ${pair.second + 1}`,
      ...formatDifference(pair),
      formatProbability(pair.pValue),
      formatCount(pair.onlyFirst),
      formatCount(pair.onlySecond),
    ]),
  }, columns);
  const hasRoomForP = table.some((line) => line.split(/ +/).includes("p"));
  if (!hasRoomForP) return table;
  return [
    ...table,
    ...wrapWords(
      `  p: probability that the examples which only one run answers correctly would be divided at least as unequally as here between two equally good runs (exact McNemar test${
        pairs.length > 1 ? ", not corrected for several comparisons" : ""
      })`,
      columns,
      2,
    ),
  ];
}

function describeDiffering(
  { differing, shown, runs }: Comparison,
  { equals, columns }: { readonly equals: string; readonly columns: number },
): string[] {
  if (shown.length === 0) return [];
  const title = `${formatPlural(differing, "example")} that only some runs answer correctly${
    shown.length < differing ? `; the first ${shown.length}` : ""
  }`;
  return [
    "",
    ...wrapWords(title, columns),
    ...shown.flatMap(({ question, target, answers }) => [
      ...wrapWords(`  ${escapeText(question + equals + target)}`, columns, 4),
      ...answers.flatMap(({ guess, isRight }, i) =>
        isRight ? [] : wrapWords(
          `    ${i + 1}: ${guess === null ? "cannot be asked" : escapeText(guess)}`,
          columns,
          7,
        )
      ),
      ...wrapWords(`    right: ${listRight(answers, runs.length)}`, columns, 7),
    ]),
  ];
}

function listRight(answers: readonly { readonly isRight: boolean }[], count: number): string {
  const right = Array.from({ length: count }, (_, i) => i).filter((i) => answers[i]!.isRight);
  return right.map((i) => i + 1).join(", ");
}
