/** Draws the attention of an answer in a terminal, with shades, which every monospaced font has. @module */
import { escapeText } from "../arguments/escape.ts";
import { showSymbol } from "../codec/show_symbol.ts";
import type { AnswerAttention } from "../model/answer_attention.ts";
import { countColumns, cutToColumns, padToColumns, wrapWords } from "../evaluation/columns.ts";
import type { Line, Painted } from "./terminal.ts";

/** Shades, and the least weight of each. */
const SHADES = [
  { least: 0.75, shade: "█" },
  { least: 0.5, shade: "▓" },
  { least: 0.25, shade: "▒" },
  { least: 0.05, shade: "░" },
  { least: 0, shade: " " },
] as const;

const INDENT = "  ";
/** Most columns of a symbol. */
const WIDEST_SYMBOL = 8;
/** Characters that are written from right to left. A terminal may turn a line of several of them around. */
const FROM_THE_RIGHT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Explains the shades in words: `░ from 5 %, ▒ from 25 %, …`. */
export const SHADES_HELP: string = SHADES.filter(({ least }) => least > 0).toReversed()
  .map(({ least, shade }) => `${shade} from ${least * 100} %`).join(", ");

/** A column of the map: a symbol of the question. */
interface Column {
  /** Its number in the question. */
  readonly at: number;
  readonly head: string;
  readonly width: number;
}

/**
 * Draws a heat map: a column for each symbol of the question, a row for each of the answer. The strongest cell of a row is green. What is
 * too wide is continued below. It is empty if the question or the answer has no symbol.
 *
 * @param columns columns of a line
 */
export function drawTerminalAttention(attention: AnswerAttention, columns: number): Line[] {
  const { question, answer, weights } = attention;
  if (question.length === 0 || answer.length === 0) return [];
  const labels = answer.map(show);
  const labelWidth = Math.max(...labels.map(countColumns));
  const symbols = question.map(show);
  const isNumbered = symbols.filter((symbol) => FROM_THE_RIGHT.test(symbol)).length > 1;
  const all = symbols.map((symbol, at): Column => {
    const head = isNumbered ? String(at + 1) : symbol;
    return { at, head, width: Math.max(2, countColumns(head) + 1) };
  });
  const room = columns - INDENT.length - labelWidth - 1;
  const margin = (label: string): string => `${INDENT}${padToColumns(label, labelWidth)} `;
  return [
    ...divideColumns(all, room).flatMap((part) => [
      (margin("") + part.map(({ head, width }) => padToColumns(head, width)).join("")).trimEnd(),
      ...labels.map((label, row): Line => [margin(label), ...drawRow(weights[row]!, part)]),
    ]),
    ...(isNumbered ? symbols.map((symbol, at) => `${INDENT}${at + 1} ${symbol}`) : []),
    ...wrapWords(`${INDENT}${SHADES_HELP}`, columns, INDENT.length),
  ];
}

function show(symbol: string): string {
  const shown = escapeText(showSymbol(symbol));
  return countColumns(shown) <= WIDEST_SYMBOL
    ? shown
    : `${cutToColumns(shown, WIDEST_SYMBOL - 1)}…`;
}

/** Divides columns into parts that fit, each of one or more. */
function divideColumns(columns: readonly Column[], room: number): Column[][] {
  const parts: Column[][] = [];
  let left = 0;
  for (const column of columns) {
    left -= column.width;
    if (parts.length === 0 || left < 0) {
      parts.push([]);
      left = room - column.width;
    }
    parts.at(-1)!.push(column);
  }
  return parts;
}

/** Draws the cells of a row. Neighbours of one colour are one part. */
function drawRow(weights: readonly number[], columns: readonly Column[]): Painted[] {
  const strongest = weights.indexOf(Math.max(...weights));
  const parts: Painted[] = [];
  for (const { at, width } of columns) {
    const colour = at === strongest ? "green" : "blue";
    const last = parts.at(-1);
    const before = last?.colour === colour ? parts.pop()!.text : "";
    parts.push({ colour, text: before + shadeOf(weights[at]!).repeat(width) });
  }
  return parts;
}

function shadeOf(weight: number): string {
  return SHADES.find(({ least }) => weight >= least)?.shade ?? " ";
}
