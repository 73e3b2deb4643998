/** The parts of a report with questions: the worst answers, edge cases, and questions beyond the training. @module */
import { formatCount, formatInterval, formatShare } from "../../evaluation/format.ts";
import type { EvaluationReport } from "../../evaluation/report.ts";
import type { AnsweredQuestion } from "../../evaluation/worst_answers.ts";
import { foreign, html, type Markup } from "./markup.ts";
import { writeTable } from "./table.ts";

/** Writes the section of the wrong answers that the model is most sure of. */
export function writeWorst({ worst, right, examples }: EvaluationReport): Markup {
  if (worst.length === 0) {
    return html`
      <section>
        <h2>Wrong answers</h2>
        <p>${right === examples ? "None." : "None was to be listed."}</p>
      </section>
    `;
  }
  return html`
    <section>
    <h2>Worst answers</h2>
    <p>Of ${formatCount(examples - right)} wrong answers, those that the model is most sure of.</p>
    ${writeAnswers(worst)}
    </section>
  `;
}

/** Writes the section of the fixed suite. */
export function writeEdgeCases({ edgeCases }: EvaluationReport): Markup {
  if (edgeCases === null) return html``;
  const { examples, right, passed, failures } = edgeCases;
  return html`
    <section>
    <h2>Edge cases</h2>
    <p><strong class="${passed ? "pass" : "fail"}">${passed
      ? "Passed"
      : "Failed"}</strong> ${formatCount(right)} of ${formatCount(
        examples,
      )} are right; all of them must be.</p>
    ${failures.length === 0 ? undefined : writeAnswers(failures)}
    </section>
  `;
}

/** Writes the section of questions of one size beyond the training. */
export function writeBeyond({ beyond }: EvaluationReport): Markup {
  if (beyond === null) return html``;
  const { drawn, examples, exactMatch, reason, failures } = beyond;
  return html`
    <section>
    <h2>One size beyond the training</h2>
    <p>Of ${formatCount(drawn)} questions the model can be asked ${formatCount(
      examples,
    )}${exactMatch === null
      ? "."
      : html`, and answers <strong>${
        formatShare(exactMatch)
      }</strong> of them correctly (95 % interval ${formatInterval(beyond)}).`}${reason === null
      ? undefined
      : html`
        The others cannot be asked: <bdi>${reason}</bdi>.
      `}</p>
    ${failures.length === 0 ? undefined : writeAnswers(failures)}
    </section>
  `;
}

/** Writes the section of what other ways to answer would score. */
export function writeBaselines({ baselines, exactMatch }: EvaluationReport): Markup {
  if (baselines.length === 0) return html``;
  return html`
    <section>
      <h2>Other ways to answer</h2>
      <p>What the same questions would score if they were answered otherwise. Memorising gives the most frequent answer that the training has for a question.</p>
      ${writeTable(
        ["answered by", { number: "exact match" }],
        html`
          <tr>
            <th scope="row">this run</th>
            <td class="number">${formatShare(exactMatch)}</td>
          </tr>
          ${baselines.map(({ title, exactMatch }) =>
            html`
              <tr>
                <th scope="row">${title}</th>
                <td class="number">${formatShare(exactMatch)}</td>
              </tr>
            `
          )}
        `,
      )}
    </section>
  `;
}

function writeAnswers(answers: readonly AnsweredQuestion[]): Markup {
  return writeTable(
    ["question", "answer", "correct", { number: "probability" }],
    answers.map(({ question, guess, target, probability }) =>
      html`
        <tr>
          <td>${foreign(question)}</td>
          <td class="wrong">${foreign(guess)}</td>
          <td>${foreign(target)}</td>
          <td class="number">${formatShare(probability)}</td>
        </tr>
      `
    ),
  );
}
