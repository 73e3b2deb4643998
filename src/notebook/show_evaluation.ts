/** Shows in a notebook how well a model answers. @module */
import type { MediaBundle } from "../display/display.ts";
import type { Assessment } from "../evaluation/assessment.ts";
import { formatCount, formatInterval, formatPlural, formatShare } from "../evaluation/format.ts";
import { drawGroups } from "../plot/groups.ts";
import type { Evaluation } from "../training/evaluate.ts";
import { writePlainTable } from "./write_plain_table.ts";

/** Shows the metrics of a model on a dataset as a table. */
export function showEvaluation(evaluation: Evaluation): MediaBundle {
  const { loss, characterAccuracy, exactMatch, examples } = evaluation;
  const figures: [string, string][] = [
    ["Exact match", formatShare(exactMatch)],
    ["Character accuracy", formatShare(characterAccuracy)],
    ["Loss", loss.toPrecision(3)],
    ["Examples", formatCount(examples)],
  ];
  return {
    "text/plain": figures.map((figure) => figure.join(" ")).join("\n"),
    "text/html": writePlainTable([], figures.map(([name, number]) => [name, { number }])).markup,
  };
}

/** Shows an assessment as a picture of its groups; as text its exact match, and that of every group. */
export function showAssessment(assessment: Assessment): MediaBundle {
  const { examples, exactMatch, exactMatchInterval, groups } = assessment;
  const interval = `95 % interval ${formatInterval(exactMatchInterval)}`;
  const lines = [
    `Exact match ${formatShare(exactMatch)} of ${formatPlural(examples, "example")} (${interval})`,
    ...groups.flatMap(({ title, cells }) => [
      title,
      ...cells.map((cell) =>
        `  ${cell.key}  ${cell.exactMatch === null ? "–" : formatShare(cell.exactMatch)} of ${
          formatCount(cell.examples)
        }`
      ),
    ]),
  ];
  return { "text/plain": lines.join("\n"), "image/svg+xml": drawGroups(assessment) };
}
