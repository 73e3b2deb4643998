/** The part of a report about an ensemble: each model alone, and their agreement. @module */
import { formatCount, formatInterval, formatShare } from "../../evaluation/format.ts";
import type { EvaluationReport, ReportHead } from "../../evaluation/report.ts";
import { html, type Markup } from "./markup.ts";
import { writeTable } from "./table.ts";

/** Writes the section; nothing for one model. */
export function writeEnsemble(
  { ensemble, exactMatch, exactMatchInterval }: EvaluationReport,
  { members: numbers }: Pick<ReportHead, "members">,
): Markup {
  if (ensemble === null) return html``;
  const { members, meanExactMatch, standardDeviation, agreement } = ensemble;
  return html`
    <section>
      <h2>Each model alone, and all together</h2>
      ${writeTable(
        ["answered by", { number: "right" }, { number: "95 % interval" }],
        html`
          ${members.map((member, i) =>
            html`
              <tr>
                <th scope="row">model ${numbers?.[i] ?? i + 1}</th>
                <td class="number">${formatShare(member.exactMatch)}</td>
                <td class="number">${formatInterval(member)}</td>
              </tr>
            `
          )}
          <tr>
            <th scope="row">mean of the models</th>
            <td class="number">${formatShare(
              meanExactMatch,
            )}</td>
            <td class="number">${standardDeviation === null
              ? "–"
              : `± ${formatShare(standardDeviation)} (standard deviation)`}</td>
          </tr>
          <tr>
            <th scope="row">together</th>
            <td class="number">${formatShare(
              exactMatch,
            )}</td>
            <td class="number">${formatInterval(exactMatchInterval)}</td>
          </tr>
        `,
      )}
      <h3>Do the models agree?</h3>
      <p>The share of models that give the answer alone, and how often it is right.</p>
      ${writeTable(
        ["agree", { number: "answers" }, { number: "right" }],
        agreement.bins.filter(({ examples }) => examples > 0).map((bin) =>
          html`
            <tr>
              <th scope="row">${formatShare(bin.meanProbability!)}</th>
              <td class="number">${formatCount(bin.examples)}</td>
              <td class="number">${formatShare(bin.right / bin.examples)}</td>
            </tr>
          `
        ),
      )}
    </section>
  `;
}
