/** Draws how well a model answers each group of examples. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { escapeText } from "../arguments/escape.ts";
import { type Fault, isObject } from "../arguments/rule.ts";
import type { AssessedCell, Assessment } from "../evaluation/assessment.ts";
import { formatCount, formatPlural, formatShare } from "../evaluation/format.ts";
import type { CountedGroups } from "../evaluation/group_counter.ts";
import { scaleShares, type ShareScale } from "./report/share_scale.ts";
import { drawPage, INK, PALE_INK, RULE } from "./svg_page.ts";
import { drawText, fitText, round } from "./svg_text.ts";

/** Lengths in CSS pixels. */
const MARGIN = 24;
const KEY_WIDTH = 120;
const AXIS_WIDTH = 320;
const SHARE_WIDTH = 88;
const COUNT_WIDTH = 88;
const GAP = 16;
const WIDTH = 2 * MARGIN + KEY_WIDTH + AXIS_WIDTH + SHARE_WIDTH + COUNT_WIDTH + 2 * GAP;
const AXIS_LEFT = MARGIN + KEY_WIDTH + GAP;
const SHARE_RIGHT = AXIS_LEFT + AXIS_WIDTH + SHARE_WIDTH;
const COUNT_RIGHT = SHARE_RIGHT + GAP + COUNT_WIDTH;
const TITLE = 16;
const TITLE_HEIGHT = 40;
const HEADING = 14;
const HEADING_HEIGHT = 32;
const ROW_HEIGHT = 24;
const SMALL = 12;
const SPACE = 20;

const RANGE = "#9ad6c4";
const MARK = "#0f6b5c";

/** Most groups of a grouping that are drawn: of more the first ones. */
const MOST_ROWS = 40;

/** What is drawn of an assessment. */
export type GroupedAssessment = Pick<Assessment, "examples" | "exactMatch" | "groups">;

/**
 * Draws how well a model answers each group of examples as an SVG: a row for each group, with its share of right answers as a mark, the
 * 95 % interval as a bar behind it, and the number of its examples. A grouping with a single group is left out; of more than 40 groups
 * the first are drawn.
 *
 * @param assessment what `assess()` gives with the option `groupings`
 * @returns an SVG document; the same assessment gives the same characters
 * @throws {TypeError} if it is not an assessment
 * @example
 * ```ts
 * import { drawGroups } from "@carry/seq2seq/plot";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const cells = [
 *   { key: "0", examples: 50, right: 50, exactMatch: 1, low: 0.93, high: 1, isSmall: false },
 *   { key: "1", examples: 50, right: 40, exactMatch: 0.8, low: 0.67, high: 0.89, isSmall: false },
 * ];
 * const svg = drawGroups({
 *   examples: 100, exactMatch: 0.9, groups: [{ name: "carries", title: "Carries", cells }],
 * });
 * assertStringIncludes(svg, ">80.00 %<");
 * ```
 */
export function drawGroups(assessment: GroupedAssessment): string {
  checkValue("draw groups", "the assessment", assessment, ASSESSMENT);
  const { examples, exactMatch, groups } = assessment;
  const title = `Exact match ${formatShare(exactMatch)} of ${formatPlural(examples, "example")}`;
  const body = [drawText(title, { x: MARGIN, y: MARGIN + TITLE, size: TITLE, fill: INK })];
  let y = MARGIN + TITLE_HEIGHT;
  for (const grouping of groups.filter(({ cells }) => cells.length > 1)) {
    for (const part of drawGrouping(grouping, y)) body.push(part);
    y += heightOf(grouping) + SPACE;
  }
  return drawPage({ width: WIDTH, height: y - SPACE + MARGIN, title, body });
}

function heightOf({ cells }: CountedGroups<AssessedCell>): number {
  return HEADING_HEIGHT + ROW_HEIGHT * (Math.min(cells.length, MOST_ROWS) + 1) +
    (cells.length > MOST_ROWS ? ROW_HEIGHT : 0);
}

/** Draws a grouping: its title, the ends of its axis, and its rows. */
function drawGrouping({ title, cells }: CountedGroups<AssessedCell>, top: number): string[] {
  const scale = scaleShares(cells);
  const small = { size: SMALL, fill: PALE_INK };
  const axisY = top + HEADING_HEIGHT + SMALL;
  const rowsTop = top + HEADING_HEIGHT + ROW_HEIGHT;
  const hidden = cells.length - MOST_ROWS;
  return [
    drawText(shown(title, WIDTH - 2 * MARGIN), {
      ...{ x: MARGIN, y: top + HEADING, size: HEADING, fill: INK },
    }),
    drawText(scale.label, { ...small, x: AXIS_LEFT, y: axisY }),
    drawText("100 %", { ...small, x: AXIS_LEFT + AXIS_WIDTH, y: axisY, anchor: "end" }),
    drawText("right", { ...small, x: SHARE_RIGHT, y: axisY, anchor: "end" }),
    drawText("examples", { ...small, x: COUNT_RIGHT, y: axisY, anchor: "end" }),
    ...cells.slice(0, MOST_ROWS).flatMap((cell, row) =>
      drawRow(cell, rowsTop + row * ROW_HEIGHT, scale)
    ),
    ...(hidden > 0
      ? [drawText(`and ${formatCount(hidden)} more`, {
        ...{ ...small, x: MARGIN, y: rowsTop + MOST_ROWS * ROW_HEIGHT + 16 },
      })]
      : []),
  ];
}

function drawRow(cell: AssessedCell, top: number, { place }: ShareScale): string[] {
  const { key, examples, exactMatch, low, high } = cell;
  const [middle, baseline] = [top + ROW_HEIGHT / 2, top + 16];
  const at = (share: number): number => round(AXIS_LEFT + place(share) * AXIS_WIDTH / 100);
  const interval = exactMatch === null ? [] : [
    `<rect x="${at(low)}" y="${middle - 5}" width="${
      round(Math.max(1, at(high) - at(low)))
    }" height="10" fill="${RANGE}"/>`,
    `<path d="M${at(exactMatch)} ${middle - 9}v18" stroke="${MARK}" stroke-width="3"/>`,
  ];
  return [
    drawText(shown(key, KEY_WIDTH), { x: MARGIN, y: baseline, size: HEADING, fill: INK }),
    `<path d="M${AXIS_LEFT} ${middle}h${AXIS_WIDTH}" stroke="${RULE}"/>`,
    ...interval,
    drawText(exactMatch === null ? "–" : formatShare(exactMatch), {
      ...{ x: SHARE_RIGHT, y: baseline, size: HEADING, fill: INK, anchor: "end" },
    }),
    drawText(formatCount(examples), {
      ...{ x: COUNT_RIGHT, y: baseline, size: HEADING, fill: PALE_INK, anchor: "end" },
    }),
  ];
}

/** Gives a text that may come from elsewhere, no wider than some pixels. */
function shown(text: string, width: number): string {
  return fitText(escapeText(text), HEADING, width);
}

const ASSESSMENT = {
  must: "an assessment, such as assess() gives",
  findFault: (value: unknown): Fault | undefined =>
    isObject(value) && isCount(value.examples) && isShare(value.exactMatch) &&
      Array.isArray(value.groups) && value.groups.every(isGrouping)
      ? undefined
      : "type",
};

function isGrouping(value: unknown): boolean {
  return isObject(value) && typeof value.title === "string" && Array.isArray(value.cells) &&
    value.cells.every((cell) =>
      isObject(cell) && typeof cell.key === "string" && isCount(cell.examples) &&
      (cell.exactMatch === null || isShare(cell.exactMatch)) && isShare(cell.low) &&
      isShare(cell.high)
    );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isShare(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}
