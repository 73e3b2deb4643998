/** The part of a report about an ensemble: each model alone, and their agreement. @module */
import { formatCount, formatInterval, formatShare } from "../../evaluation/format.ts";
import type { EvaluationReport, ReportHead } from "../../evaluation/report.ts";
import { html, type Markup } from "./markup.ts";

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
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">answered by</th>
              <th scope="col" class="number">right</th>
              <th scope="col" class="number">95 % interval</th>
            </tr>
          </thead>
          <tbody>
    ${members.map((member, i) =>
      html`
        <tr>
          <th scope="row">model ${numbers?.[i] ?? i + 1}</th>
          <td class="number">${formatShare(member.exactMatch)}</td>
          <td class="number">${formatInterval(member)}</td>
        </tr>
      `
    )}
    <tr><th scope="row">mean of the models</th><td class="number">${formatShare(
      meanExactMatch,
    )}</td><td class="number">${standardDeviation === null
      ? "–"
      : `± ${formatShare(standardDeviation)} (standard deviation)`}</td></tr>
    <tr><th scope="row">together</th><td class="number">${formatShare(
      exactMatch,
    )}</td><td class="number">${formatInterval(exactMatchInterval)}</td></tr>
          </tbody>
        </table>
      </div>
      <h3>Do the models agree?</h3>
      <p>The share of models that give the answer alone, and how often it is right.</p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">agree</th>
              <th scope="col" class="number">answers</th>
              <th scope="col" class="number">right</th>
            </tr>
          </thead>
          <tbody>
    ${agreement.bins.filter(({ examples }) => examples > 0).map((bin) =>
      html`
        <tr>
          <th scope="row">${formatShare(bin.meanProbability!)}</th>
          <td class="number">${formatCount(bin.examples)}</td>
          <td class="number">${formatShare(bin.right / bin.examples)}</td>
        </tr>
      `
    )}</tbody>
        </table>
      </div>
    </section>
  `;
}
