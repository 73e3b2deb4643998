/** Writes an evaluation as one HTML file that needs no server, no script and no other file. @module */
import {
  describeWeights,
  formatCount,
  formatInterval,
  formatPlural,
  formatShare,
} from "../../evaluation/format.ts";
import type { EvaluationReport, ReportHead } from "../../evaluation/report.ts";
import { writeBaselines, writeBeyond, writeEdgeCases, writeWorst } from "./answer_sections.ts";
import { writeEnsemble } from "./ensemble_section.ts";
import { writeGroups } from "./group_sections.ts";
import { foreign, html, type Markup } from "./markup.ts";
import { drawReliability } from "./reliability_curve.ts";
import { writePage } from "./page_frame.ts";
import { writeConfusions, writePositions } from "./symbol_sections.ts";

/**
 * Writes the page of an evaluation. The same report gives the same characters.
 */
export async function writeReportPage(report: EvaluationReport, head: ReportHead): Promise<string> {
  return await writePage({
    title: `Evaluation of ${head.run}`,
    heading: html`Evaluation of ${foreign(head.run)}`,
    lead: html`${head.problem}; ${describeWeights(head)}. Asked: ${
      formatPlural(report.examples, "example")
    }, ${head.asked}.`,
    main: [
      writeFigures(report),
      writeRefused(report),
      writeEnsemble(report, head),
      writeEdgeCases(report),
      ...report.groups.filter(({ cells }) => cells.length > 1).map((groups) =>
        writeGroups(groups, report.complete)
      ),
      writeCalibration(report),
      writeWorst(report),
      writeConfusions(report),
      writePositions(report),
      writeBeyond(report),
      writeBaselines(report),
      writeMethod(),
    ],
  });
}

function writeFigures(report: EvaluationReport): Markup {
  const { examples, right, exactMatch, exactMatchInterval, calibration, symbolErrorRate } = report;
  const figures: [string, string, string?][] = [
    [
      "Exact match",
      formatShare(exactMatch),
      report.complete ? "of all there are" : `95 % interval ${formatInterval(exactMatchInterval)}`,
    ],
    ["Wrong answers", formatCount(examples - right), `of ${formatCount(examples)}`],
    ["Character accuracy", formatShare(report.characterAccuracy), "padding included"],
    ["Symbol error rate", symbolErrorRate === null ? "–" : formatShare(symbolErrorRate)],
    ["Loss", report.loss.toPrecision(3), "nats a symbol"],
    [
      "Calibration error",
      formatShare(calibration.expectedCalibrationError),
      `Brier score ${calibration.brierScore.toPrecision(2)}`,
    ],
  ];
  return html`
    <dl class="figures">
    ${figures.map(([name, figure, note]) =>
      html`
        <div>
          <dt>${name}</dt>
          <dd><b>${figure}</b>${note === undefined ? undefined : html`<small>${note}</small>`}</dd>
        </div>
      `
    )}</dl>
  `;
}

/** Writes how many examples the model could not be asked. */
function writeRefused({ refused, refusedReason }: EvaluationReport): Markup {
  if (refused === 0) return html``;
  return html`
    <p>${formatCount(
      refused,
    )} of the wrong answers were never given: the model cannot be asked these
    questions, or cannot write their answers. For example, <bdi>${refusedReason!}</bdi>.</p>
  `;
}

function writeCalibration({ calibration, exactMatch }: EvaluationReport): Markup {
  const { bins, meanProbability } = calibration;
  return html`
    <section>
      <h2>Is its probability to be believed?</h2>
      <p>The mean probability of an answer is ${formatShare(meanProbability)}, and ${formatShare(
        exactMatch,
      )} of the answers are right. On the dotted line both would be equal.</p>
      <div class="beside">${drawReliability(calibration)}
    <div class="scroll"><table>
    <thead><tr><th scope="col">probability</th><th scope="col" class="number">answers</th><th scope="col" class="number">mean</th><th scope="col" class="number">right</th></tr></thead>
    <tbody>
    ${bins.filter(({ examples }) => examples > 0).map((bin) =>
      html`
        <tr>
          <th scope="row">${Math.round(100 * bin.from)}–${Math.round(100 * bin.to)} %</th>
          <td class="number">${formatCount(bin.examples)}</td>
          <td class="number">${formatShare(bin.meanProbability!)}</td>
          <td class="number">${formatShare(bin.right / bin.examples)}</td>
        </tr>
      `
    )}</tbody>
    </table></div></div>
    </section>
  `;
}

function writeMethod(): Markup {
  return html`
    <section class="method">
      <h2>How it was measured</h2>
      <ul>
        <li>An answer is right if every symbol of it is right.</li>
        <li>Intervals are 95 % intervals by Wilson's score (1927): of what other examples of the same kind would give. They say nothing about other kinds of examples, and nothing about another training.</li>
        <li>The symbol error rate is the number of insertions, deletions and substitutions that make all answers correct, divided by the number of symbols of all correct answers (as in the SIGMORPHON 2020 shared task on pronunciation).</li>
        <li>The probability of an answer is the product of the probabilities of its symbols. The calibration error is the expected calibration error of Guo et al. (2017) with 10 bins of equal width; the Brier score is the mean squared distance of the probability from 1 for a right answer and from 0 for a wrong one.</li>
      </ul>
    </section>
  `;
}
