/** The parts of a report about symbols: positions, and which symbol is taken for which. @module */
import type { AssessedCell, Assessment } from "../../evaluation/assessment.ts";
import { formatCount } from "../../evaluation/format.ts";
import { foreign, html, type Markup, nameSymbol } from "./markup.ts";
import { writeTable } from "./table.ts";
import { writeIntervals } from "./group_sections.ts";

/** Most symbols of a matrix of confusions. With more, the most frequent confusions are listed. */
const WIDEST_MATRIX = 24;
/** Most confusions of a list. */
const MOST_LISTED = 20;
/** Most positions that are shown: of longer answers the first ones. */
const MOST_POSITIONS = 64;

/** Writes the section of positions in the answer. */
export function writePositions({ positions, complete }: Assessment): Markup {
  const cells = positions.slice(0, MOST_POSITIONS).map((cell, i) => ({
    ...cell,
    key: String(i + 1),
  }));
  return html`
    <section>
    <h2>Position in the answer</h2>
    <p>Right symbols at each position, padding included.</p>
    ${writeIntervals("position", cells, complete)}
    </section>
  `;
}

/** Writes the section of confused symbols; nothing if there is none. */
export function writeConfusions({ symbols, confusions }: Assessment): Markup {
  if (confusions.length === 0) return html``;
  const used = symbols.filter(({ key, examples }) =>
    examples > 0 || confusions.some(({ guess }) => guess === key)
  );
  const isSmall = used.length <= WIDEST_MATRIX;
  return html`
    <section>
    <h2>Confused symbols</h2>
    <p>Which correct symbol was answered as which other one, position by position.</p>
    ${isSmall ? writeMatrix(used, confusions) : writeList(confusions)}
    </section>
  `;
}

function writeMatrix(
  symbols: readonly AssessedCell[],
  confusions: Assessment["confusions"],
): Markup {
  const most = Math.max(...confusions.map(({ count }) => count));
  const countOf = (target: string, guess: string): number =>
    confusions.find((each) => each.target === target && each.guess === guess)?.count ?? 0;
  return html`
    <div class="scroll">
      <table class="matrix">
        <thead>
          <tr>
            <td></td>
            <th scope="colgroup" colspan="${symbols.length}">answered</th>
          </tr>
          <tr><th scope="col">correct</th>${symbols.map(({ key }) =>
            html`<th scope="col">${foreign(nameSymbol(key))}</th>`
          )}</tr>
        </thead>
        <tbody>
    ${symbols.map(({ key: target }) =>
      html`
        <tr><th scope="row">${foreign(nameSymbol(target))}</th>${symbols.map(({ key: guess }) =>
          writeCount(countOf(target, guess), most, target === guess)
        )}</tr>
      `
    )}</tbody>
      </table>
    </div>
  `;
}

/** Writes a count of errors, coloured by its logarithm. */
function writeCount(count: number, most: number, isRight: boolean): Markup {
  if (isRight) return html`<td class="right" aria-label="right">·</td>`;
  if (count === 0) return html`<td></td>`;
  const level = 1 + Math.round(3 * Math.log(count) / Math.max(Math.log(most), 1e-9));
  return html`<td class="e${level}">${formatCount(count)}</td>`;
}

function writeList(confusions: Assessment["confusions"]): Markup {
  return writeTable(
    ["correct", "answered", { number: "times" }],
    confusions.slice(0, MOST_LISTED).map(({ target, guess, count }) =>
      html`
        <tr>
          <td>${foreign(nameSymbol(target))}</td>
          <td>${foreign(nameSymbol(guess))}</td>
          <td class="number">${formatCount(count)}</td>
        </tr>
      `
    ),
  );
}
