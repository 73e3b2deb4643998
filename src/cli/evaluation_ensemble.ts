/** What an evaluation finds of an ensemble, as text. @module */
import { formatCount, formatInterval, formatShare } from "../evaluation/format.ts";
import type { EvaluationReport, ReportHead } from "../evaluation/report.ts";
import { layTable } from "./text_table.ts";

/** Describes each model alone, and their agreement: two tables, or none for one model. */
export function describeEnsemble(
  { ensemble, exactMatch, exactMatchInterval }: EvaluationReport,
  { members: numbers }: Pick<ReportHead, "members">,
  columns: number,
): string[][] {
  if (ensemble === null) return [];
  const { members, meanExactMatch, standardDeviation, agreement } = ensemble;
  const spread = standardDeviation === null
    ? ""
    : `± ${formatShare(standardDeviation)} (standard deviation)`;
  return [
    layTable({
      title: "Each model alone, and all together",
      head: ["right", "95 % interval"],
      rows: [
        ...members.map((member, i) => [
          `model ${numbers?.[i] ?? i + 1}`,
          formatShare(member.exactMatch),
          formatInterval(member),
        ]),
        ["mean of the models", formatShare(meanExactMatch), spread],
        ["together", formatShare(exactMatch), formatInterval(exactMatchInterval)],
      ],
    }, columns),
    layTable({
      title: "Share of models that agree with an answer, and how often it is right",
      head: ["answers", "right"],
      rows: agreement.bins.filter(({ examples }) => examples > 0).map((bin) => [
        formatShare(bin.meanProbability!),
        formatCount(bin.examples),
        formatShare(bin.right / bin.examples),
      ]),
    }, columns),
  ];
}
