/** The parts of a report about groups of examples: intervals, and grids. @module */
import type { AssessedCell } from "../../evaluation/assessment.ts";
import { compareKeys } from "../../evaluation/cell.ts";
import { formatCount, formatInterval, formatShare } from "../../evaluation/format.ts";
import type { CountedGroups } from "../../evaluation/group_counter.ts";
import { SMALL_GROUP } from "../../evaluation/interval.ts";
import { foreign, html, type Markup } from "./markup.ts";
import { classOf, scaleShares, SHARE_CLASSES, type ShareScale } from "./share_scale.ts";

/** Most rows and columns of a grid; a grouping with more is listed. */
const WIDEST_GRID = 12;

/** Writes the section of a grouping. */
export function writeGroups(groups: CountedGroups<AssessedCell>, complete: boolean): Markup {
  const grid = groups.grid && readGrid(groups.cells);
  return html`
    <section>
    <h2>${groups.title}</h2>
    ${grid ? writeGrid(groups.grid, grid) : writeIntervals("group", groups.cells, complete)}
    </section>
  `;
}

/**
 * Writes cells as rows: key, number of examples, share, its interval unless it is exact, and a picture of both.
 *
 * @param title heading of the keys
 */
export function writeIntervals(
  title: string,
  cells: readonly AssessedCell[],
  complete: boolean,
): Markup {
  const scale = scaleShares(cells);
  const isAnySmall = cells.some(({ isSmall }) => isSmall);
  return html`
    <div class="scroll">
      <table class="intervals">
        <thead>
          <tr>
            <th scope="col">${title}</th>
            <th scope="col" class="number">examples</th>
            <th scope="col" class="number">right</th>
            ${complete ? undefined : html`<th scope="col" class="number">95 % interval</th>`}
            <th scope="col"
              class="axis"><span class="ends"><span>${scale
                .label}</span><span>100 %</span></span></th>
          </tr>
        </thead>
        <tbody>
    ${cells.map((cell) => writeRow(cell, scale, complete))}</tbody>
      </table>
    </div>
    ${isAnySmall
      ? html`<p class="note">* fewer than ${SMALL_GROUP} examples: the share says little.</p>`
      : undefined}
  `;
}

function writeRow(cell: AssessedCell, scale: ShareScale, complete: boolean): Markup {
  const { key, examples, exactMatch, isSmall } = cell;
  const count = html`<td class="number">${formatCount(examples)}${isSmall ? " *" : ""}</td>`;
  const interval = complete
    ? undefined
    : html`<td class="number pale">${exactMatch === null ? "" : formatInterval(cell)}</td>`;
  return html`
    <tr><th scope="row">${foreign(key)}</th>${count}<td class="number">${exactMatch === null
      ? "–"
      : formatShare(exactMatch)}</td>${interval}<td>${exactMatch === null
      ? undefined
      : drawInterval(cell, exactMatch, scale)}</td></tr>
  `;
}

/** Draws the interval as a bar and the share as a line across it. */
function drawInterval(cell: AssessedCell, share: number, { place }: ShareScale): Markup {
  const [low, at, high] = [place(cell.low), place(share), place(cell.high)];
  const width = Math.max(0.5, Math.round(100 * (high - low)) / 100);
  return html`
    <svg class="interval" viewBox="-1 0 102 10" preserveAspectRatio="none" aria-hidden="true">
      <path class="rule" d="M0 5H100" />
      <rect class="range" x="${low}" y="2.5" width="${width}" height="5" />
      <path class="mark" d="M${at} 0V10" />
    </svg>
  `;
}

/** Cells of a grid by row and column. */
interface Grid {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  cellAt(row: string, column: string): AssessedCell | undefined;
}

/** Reads the keys `row+column`; undefined if they do not form a grid that fits a page. */
function readGrid(cells: readonly AssessedCell[]): Grid | undefined {
  const byKey = new Map(cells.map((cell) => [cell.key, cell]));
  const keys = cells.map(({ key }) => key.split("+"));
  if (keys.some((parts) => parts.length !== 2)) return undefined;
  const [rows, columns] = [0, 1].map((side) =>
    [...new Set(keys.map((parts) => parts[side]!))].sort(compareKeys)
  );
  if (rows!.length > WIDEST_GRID || columns!.length > WIDEST_GRID) return undefined;
  return {
    rows: rows!,
    columns: columns!,
    cellAt: (row, column) => byKey.get(`${row}+${column}`),
  };
}

function writeGrid(
  titles: { readonly rows: string; readonly columns: string },
  { rows, columns, cellAt }: Grid,
): Markup {
  return html`
    <div class="scroll">
      <table class="grid">
        <thead>
          <tr>
            <td></td>
            <th scope="colgroup" colspan="${columns.length}">${titles.columns}</th>
          </tr>
          <tr><th scope="col">${titles.rows}</th>${columns.map((column) =>
            html`<th scope="col">${foreign(column)}</th>`
          )}</tr>
        </thead>
        <tbody>
    ${rows.map((row) =>
      html`
        <tr><th scope="row">${foreign(row)}</th>${columns.map((column) =>
          writeCell(cellAt(row, column))
        )}</tr>
      `
    )}</tbody>
      </table>
    </div>
    ${writeLegend()}
  `;
}

function writeCell(cell: AssessedCell | undefined): Markup {
  if (cell === undefined || cell.exactMatch === null) return html`<td class="none">–</td>`;
  const { exactMatch, examples, isSmall } = cell;
  const title = `${formatInterval(cell)} of ${formatCount(examples)}`;
  return html`
    <td class="${classOf(exactMatch)}"
      title="${title}"><b>${formatShare(exactMatch)}</b><small>${formatCount(examples)}${isSmall
        ? " *"
        : ""}</small></td>
  `;
}

/** Writes what the colours mean. */
function writeLegend(): Markup {
  return html`
    <p class="legend" aria-hidden="true">${SHARE_CLASSES.map(({ from, title }) =>
      html`<span class="${classOf(from)}">${title}</span>`
    )}</p>
  `;
}
