/** Writes a comparison of runs as one HTML file that needs no server, no script and no other file. @module */
import type { Comparison } from "../../evaluation/comparison.ts";
import {
  formatCount,
  formatDifference,
  formatInterval,
  formatPlural,
  formatProbability,
  formatShare,
} from "../../evaluation/format.ts";
import { foreign, html, type Markup } from "./markup.ts";
import { writeTable } from "./table.ts";
import { writePage } from "./page_frame.ts";

/** Writes the page of a comparison. The same comparison gives the same characters. */
export async function writeComparisonPage(comparison: Comparison): Promise<string> {
  const { runs, weights, examples, asked } = comparison;
  return await writePage({
    title: `Comparison of ${runs.length} runs`,
    heading: html`Comparison of ${runs.length} runs`,
    lead: html`Asked: ${
      formatPlural(examples, "example")
    }, ${asked}; the ${weights} checkpoint of each run.`,
    main: [
      writeRuns(comparison),
      writePairs(comparison),
      writeDiffering(comparison),
      writeMethod(),
    ],
  });
}

function writeRuns({ runs }: Comparison): Markup {
  return html`
    <section>
      <h2>Exact match</h2>
      ${writeTable(
        ["run", { number: "right" }, { number: "95 % interval" }],
        runs.map((run, i) =>
          html`
            <tr>
              <th scope="row">${i + 1} ${foreign(run.run)}</th>
              <td class="number">${formatShare(run.exactMatch)}</td>
              <td class="number">${formatInterval(run)}</td>
            </tr>
          `
        ),
      )}
    </section>
  `;
}

function writePairs({ pairs }: Comparison): Markup {
  return html`
    <section>
      <h2>Differences on the same examples</h2>
      <p>The second run less the first, in percentage points.</p>
      ${writeTable(
        [
          "runs",
          { number: "difference" },
          { number: "95 % interval" },
          { number: "only first right" },
          { number: "only second right" },
          { number: "p" },
        ],
        pairs.map((pair) => {
          const [difference, interval] = formatDifference(pair);
          return html`
            <tr>
              <th scope="row">${pair.first + 1}&nbsp;and&nbsp;${pair.second + 1}</th>
              <td class="number">${difference}</td>
              <td class="number">${interval}</td>
              <td class="number">${formatCount(pair.onlyFirst)}</td>
              <td class="number">${formatCount(pair.onlySecond)}</td>
              <td class="number">${formatProbability(pair.pValue)}</td>
            </tr>
          `;
        }),
      )}
    </section>
  `;
}

function writeDiffering({ differing, shown, runs }: Comparison): Markup {
  if (shown.length === 0) return html``;
  return html`
    <section>
      <h2>Where they differ</h2>
      <p>${formatPlural(
        differing,
        "example",
      )} that only some runs answer correctly${shown.length < differing
        ? `; the first ${shown.length}`
        : ""}.</p>
      <div class="scroll">
        <table>
          <thead>
            <tr><th scope="col">question</th><th scope="col">correct</th>${runs.map((_, i) =>
              html`<th scope="col">run ${i + 1}</th>`
            )}</tr>
          </thead>
          <tbody>
    ${shown.map(({ question, target, answers }) =>
      html`
        <tr>
          <td>${foreign(question)}</td>
          <td>${foreign(target)}</td>
          ${answers.map(({ guess, isRight }) =>
            html`<td${
              isRight ? undefined : html`
                class="wrong"
              `
            }>${guess === null ? "cannot be asked" : foreign(guess)}</td>`
          )}</tr>
      `
    )}</tbody>
        </table>
      </div>
    </section>
  `;
}

function writeMethod(): Markup {
  return html`
    <section class="method">
      <h2>How it was compared</h2>
      <ul>
        <li>An answer is right if every symbol of it is right. All runs were asked the same examples.</li>
        <li>Intervals of exact match are by Wilson's score (1927), those of differences by Newcombe's score method for pairs (1998, method 10). They say what other examples of the same kind would give, and nothing about another training of the same runs.</li>
        <li>p is that of the exact McNemar test: the probability that the examples which only one run answers correctly would be divided at least as unequally as here between two equally good runs. It is not corrected for several comparisons.</li>
      </ul>
    </section>
  `;
}
