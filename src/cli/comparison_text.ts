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
import { wrapWords } from "./columns.ts";
import type { Line } from "./terminal.ts";
import { layTable } from "./text_table.ts";

/** Describes a comparison in lines of at most some columns. @param equals characters between a question and its answer */
export function describeComparison(
  comparison: Comparison,
  { equals, columns }: { readonly equals: string; readonly columns: number },
): Line[] {
  const { asked, weights, examples, runs, pairs } = comparison;
  const wrap = (text: string, indent = 0): string[] => wrapWords(text, columns, indent);
  return [
    ...wrap(
      escapeText(
        `Asked: ${
          formatPlural(examples, "example")
        }, ${asked}; the ${weights} checkpoint of each run`,
      ),
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
    ...layTable({
      title: "Difference in percentage points, the second less the first",
      head: ["difference", "95 % interval", "only first", "only second", "p"],
      rows: pairs.map((pair) => [
        `${pair.first + 1} and ${pair.second + 1}`,
        ...formatDifference(pair),
        formatCount(pair.onlyFirst),
        formatCount(pair.onlySecond),
        formatProbability(pair.pValue),
      ]),
    }, columns),
    ...wrap(
      `  p: how probable so unequal a division of the examples that only one answers correctly would be if both were equally good (exact McNemar test${
        pairs.length > 1 ? ", not corrected for several comparisons" : ""
      })`,
      2,
    ),
    ...describeDiffering(comparison, { equals, columns }),
  ];
}

function describeDiffering(
  { differing, shown, runs }: Comparison,
  { equals, columns }: { readonly equals: string; readonly columns: number },
): string[] {
  if (shown.length === 0) return [];
  const title = `${formatPlural(differing, "example")} that only some answer correctly${
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
