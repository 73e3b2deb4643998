/** Draws the attention of an answer. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { type Fault, isObject } from "../arguments/rule.ts";
import { showSymbol } from "../codec/show_symbol.ts";
import type { AnswerAttention } from "../model/answer_attention.ts";
import { drawPage, INK, PALE_INK, PAPER, RULE } from "./svg_page.ts";
import { drawText, fitText, measureText, round } from "./svg_text.ts";

/** Lengths in CSS pixels. */
const MARGIN = 24;
const CELL = 32;
const HEADING_HEIGHT = 40;
const FOOTER_HEIGHT = 32;
const LARGE = 16;
const SMALL = 12;
/** Widest column. A longer symbol loses its beginning. */
const WIDEST = 120;
const GAP = 8;

const HEAT = "#0969da";
/** Least weight that is drawn, that has its percentage in it, and whose percentage is white. */
const LEAST_DRAWN = 0.005;
const LEAST_NUMBERED = 0.05;
const LEAST_WHITE = 0.85;

const HEADING = "What each symbol of the answer looked at";
const FOOTER = "Columns: the question. Rows: the answer. Numbers: percent.";

/**
 * Draws the attention of an answer as an SVG: a column for each symbol of the question, a row for each of the answer, and in each cell how
 * much was looked at, in percent. A space is drawn as a bracket that lies on its back.
 *
 * @param attention that of a prediction, which `predict()` gives with the option `attention`
 * @returns an SVG document; the same attention gives the same characters
 * @throws {TypeError} if it is not the attention of an answer
 * @example
 * ```ts
 * import { drawAttention } from "@carry/seq2seq/plot";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const svg = drawAttention({
 *   question: ["a", "b"], answer: ["B", "A"], weights: [[0.1, 0.9], [1, 0]],
 * });
 * assertStringIncludes(svg, ">90<");
 * ```
 */
export function drawAttention(attention: AnswerAttention): string {
  checkValue("draw attention", "the attention", attention, ATTENTION);
  const { question, answer, weights } = attention;
  const widths = question.map((symbol) => Math.max(CELL, 2 * GAP + widthOf(symbol)));
  const lefts = widths.map((_, i) => widths.slice(0, i).reduce((sum, width) => sum + width, 0));
  const gridWidth = widths.reduce((sum, width) => sum + width, 0);
  const labelWidth = GAP + Math.max(0, ...answer.map(widthOf));
  const left = MARGIN + labelWidth;
  const top = MARGIN + HEADING_HEIGHT + CELL;
  const texts = Math.max(measureText(HEADING, LARGE), measureText(FOOTER, SMALL));
  const width = 2 * MARGIN + Math.ceil(Math.max(labelWidth + gridWidth, texts));
  const gridHeight = answer.length * CELL;
  const height = top + gridHeight + FOOTER_HEIGHT + MARGIN;
  const body = [
    drawText(HEADING, { x: MARGIN, y: MARGIN + LARGE, size: LARGE, fill: INK }),
    ...question.map((symbol, i) =>
      drawSymbol(symbol, { x: left + lefts[i]! + widths[i]! / 2, y: top - GAP })
    ),
    ...answer.flatMap((symbol, row) => {
      const y = top + row * CELL;
      return [
        drawSymbol(symbol, { x: left - GAP - widthOf(symbol) / 2, y: y + CELL / 2 + 6 }),
        ...weights[row]!.map((weight, i) =>
          drawCell(weight, { x: left + lefts[i]!, y, width: widths[i]! })
        ),
      ];
    }),
    `<rect x="${left}" y="${top}" width="${
      round(gridWidth)
    }" height="${gridHeight}" fill="none" stroke="${RULE}"/>`,
    drawText(FOOTER, {
      ...{ x: MARGIN, y: top + gridHeight + FOOTER_HEIGHT - 8, size: SMALL, fill: PALE_INK },
    }),
  ];
  const [asked, answered] = [question, answer].map((symbols) => symbols.map(showSymbol).join(" "));
  return drawPage({
    ...{ width, height, title: HEADING, body },
    description: `The question is ${asked}. The answer is ${answered}.`,
  });
}

function widthOf(symbol: string): number {
  return Math.ceil(measureText(shown(symbol), LARGE));
}

function shown(symbol: string): string {
  return fitText(showSymbol(symbol), LARGE, WIDEST);
}

/** Draws a symbol. A space has no sign in the font of PNG pictures, so it is drawn. */
function drawSymbol(symbol: string, { x, y }: { readonly x: number; readonly y: number }): string {
  if (symbol === " ") {
    return `<path d="M${round(x - 5)} ${round(y - 4)}v4h10v-4" fill="none" stroke="${INK}"/>`;
  }
  return drawText(shown(symbol), { x, y, size: LARGE, fill: INK, anchor: "middle" });
}

function drawCell(
  weight: number,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): string {
  if (weight < LEAST_DRAWN) return "";
  const cell = `<rect x="${round(x)}" y="${y}" width="${
    round(width)
  }" height="${CELL}" fill="${HEAT}" fill-opacity="${weight.toFixed(3)}"/>`;
  if (weight < LEAST_NUMBERED) return cell;
  const fill = weight >= LEAST_WHITE ? PAPER : INK;
  const place = { x: x + width / 2, y: y + CELL / 2 + 4, size: SMALL, fill };
  return cell + drawText(String(Math.round(100 * weight)), { ...place, anchor: "middle" });
}

const ATTENTION = {
  must:
    "the attention of a prediction, with a weight for each symbol of the question in a row for each of the answer",
  findFault: (value: unknown): Fault | undefined =>
    isObject(value) && isTexts(value.question) && isTexts(value.answer) &&
      isMatrix(value.weights, value.answer.length, value.question.length)
      ? undefined
      : "type",
};

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isMatrix(value: unknown, rows: number, columns: number): boolean {
  return Array.isArray(value) && value.length === rows &&
    value.every((row) =>
      Array.isArray(row) && row.length === columns &&
      row.every((weight) => typeof weight === "number" && weight >= 0)
    );
}
