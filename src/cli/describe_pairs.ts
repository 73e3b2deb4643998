/** Describes what was measured of files of pairs: the text of `check`, and its short form. @module */
import { countDecomposed, leastCount, sumCounts } from "../problem/pairs/lay_out.ts";
import type { MeasuredPairs } from "../problem/pairs/pair_meter.ts";
import type { PairSource } from "../problem/pairs/settings.ts";
import type { SymbolCount } from "../problem/pairs/symbol_counts.ts";
import type { FileFacts, Overlap, SideFacts } from "../problem/pairs/tally.ts";
import { wrapWords } from "./columns.ts";
import { advisePairs } from "./pairs_advice.ts";

/** Columns of a label with its text beside it. */
const LABEL_COLUMNS = 18;
/** With fewer columns, the text is below its label. */
const COLUMNS_FOR_LABELS = 60;
/** Most rare symbols that are listed. */
const MOST_LISTED = 8;

/** A label and its text; a text alone is a heading. */
type Row = readonly [label: string, text: string] | string;

/** Describes everything, in lines of at most some columns. */
export function describePairs(measured: MeasuredPairs, columns: number): string[] {
  const { settings, files, overlap } = measured;
  const advice = advisePairs(measured);
  return layRows([
    ...describeFile("Data", settings.data, files.data),
    ["Question symbols", describeSourceSymbols(measured)],
    ...rareRow(files.data.source, 2 * leastCount(settings, files.data)),
    ["Answer symbols", count(files.data.target.symbols.length)],
    ...rareRow(files.data.target, 2),
    ["Question length", describeLengths(files.data.source)],
    ["Answer length", describeLengths(files.data.target)],
    ...describeOther(
      "Validation",
      settings.validation,
      files.validation,
      overlap.validation,
      measured,
    ),
    ...describeOther("Test", settings.test, files.test, overlap.test, measured),
    ...describeRules(measured),
    "A training with these options",
    ...describeTraining(measured),
    ...advice.length === 0 ? [] : ["Advice", ...advice.map((text): Row => ["-", text])],
  ], columns);
}

/** Describes the most important, in lines of at most some columns. */
export function describePairsBriefly(measured: MeasuredPairs, columns: number): string[] {
  const { settings, files, laidOut: { layout, unknownShare } } = measured;
  const { source, target } = layout;
  const unknown = unknownShare > 0 ? ` (${percent(unknownShare)} unknown)` : "";
  const advice = advisePairs(measured);
  return [
    `${nameOf(settings.data)}: ${count(files.data.report.pairs)} pairs${
      describeLeftOut(files.data)
    }`,
    `Questions of up to ${source.length} of ${
      source.symbols.length - 1
    } symbols${unknown}, answers of up to ${target.length} of ${target.symbols.length - 1}`,
    ...rulesOf(measured).map(({ of, copied, memorised, either }) =>
      `${of}: copying the question would answer ${copied} correctly, memorising ${memorised}, both ${either}`
    ),
    ...advice.map((text) => `Note: ${text}`),
  ].flatMap((line) => wrapWords(line, columns, 2));
}

function describeFile(label: string, source: PairSource, facts: FileFacts): Row[] {
  const { report, questions, repeated, contradictory } = facts;
  return [
    `${label}: ${nameOf(source)}`,
    ["Pairs", `${count(report.pairs)} in ${count(report.lines)} lines${describeLeftOut(facts)}`],
    ...report.firstBadLines.map((line): Row => ["Bad line", line]),
    ["Questions", `${count(questions)} different`],
    [
      "Repeated pairs",
      repeated === 0
        ? "none"
        : `${count(repeated)}; they are kept, and count as often as they occur`,
    ],
    [
      "Several answers",
      contradictory === 0
        ? "no question"
        : `${plural(contradictory, "question")}, the first in line ${
          facts.contradictoryLines.join(", ")
        }; all are kept`,
    ],
    ...facts.target.empty === 0 ? [] : [
      [
        "Empty answers",
        `${count(facts.target.empty)}, the first in line ${facts.target.emptyLine}`,
      ] as const,
    ],
  ];
}

function describeLeftOut({ report: { emptyLines, badLines } }: FileFacts): string {
  const parts = [
    ...emptyLines === 0 ? [] : [`${count(emptyLines)} empty`],
    ...badLines === 0 ? [] : [`${count(badLines)} bad`],
  ];
  return parts.length === 0
    ? ""
    : ` (${parts.join(" and ")} ${emptyLines + badLines === 1 ? "line" : "lines"} left out)`;
}

function describeSourceSymbols({ settings, files, laidOut }: MeasuredPairs): string {
  const { unknown, unknownShare } = laidOut;
  const all = files.data.source.symbols.length;
  if (unknown.length === 0) return count(all);
  const least = leastCount(settings, files.data);
  const why = unknown[0]!.count >= least
    ? "the least frequent"
    : least === 2
    ? "those that occur once"
    : `those that occur less than ${least} times`;
  return `${count(all)}; ${count(unknown.length)}, ${why}, become the unknown symbol (${
    percent(unknownShare)
  } of the text)`;
}

function rareRow({ symbols }: SideFacts, below: number): Row[] {
  const rare = symbols.filter(({ count }) => count <= below);
  if (rare.length === 0) return [];
  const shown = rare.slice(-MOST_LISTED).reverse().map(describeSymbol).join(", ");
  const more = rare.length > MOST_LISTED ? `, and ${count(rare.length - MOST_LISTED)} more` : "";
  return [["  rare", `${shown}${more}`]];
}

/** Describes a symbol: `ſ (2, first in line 17)`. What cannot be seen alone is given by its number. */
function describeSymbol({ symbol, count: times, line }: SymbolCount): string {
  const shown = /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(symbol)
    ? symbol
    : Array.from(symbol.replace(/^\t(?=.)/s, ""), (each) =>
      /[\p{M}\p{Z}\p{C}]/u.test(each)
        ? `U+${each.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`
        : each).join("");
  return `${shown} (${times === 1 ? "once" : `${times} times`}, line ${line})`;
}

function describeLengths({ longest, longestLine, usual }: SideFacts): string {
  return `up to ${plural(longest, "symbol")} (line ${longestLine}), 99 % up to ${usual}`;
}

function describeOther(
  label: string,
  source: PairSource,
  facts: FileFacts | null,
  overlap: Overlap | null,
  { laidOut: { layout } }: MeasuredPairs,
): Row[] {
  if (facts === null || overlap === null) return [];
  const { pairs } = facts.report;
  const known = new Set(layout.source.symbols);
  const unknown = sumCounts(facts.source.symbols.filter(({ symbol }) => !known.has(symbol)));
  return [
    ...describeFile(label, source, facts),
    [
      "Known from data",
      `${percent(overlap.questions / pairs)} of the questions, ${
        percent(overlap.pairs / pairs)
      } of the pairs`,
    ],
    [
      "Unknown symbols",
      `${percent(unknown / Math.max(1, sumCounts(facts.source.symbols)))} of the questions' text`,
    ],
  ];
}

/** What two simple rules would answer correctly of the validation or the test pairs. */
interface SimpleRules {
  /** On which pairs. */
  readonly of: string;
  /** Share, as a text, that is right if every answer is its question. */
  readonly copied: string;
  /** Share, as a text, that is right if every answer is the question's most frequent one in the data. */
  readonly memorised: string;
  /** Share, as a text, that both together get right: copying where there is nothing to remember. */
  readonly either: string;
}

function rulesOf({ held, files, overlap }: MeasuredPairs): SimpleRules[] {
  const rules: SimpleRules[] = [];
  if (held !== null) {
    rules.push({
      of: `Validation (${count(held.heldBack.pairs)} pairs held back)`,
      copied: percent(held.copied / held.heldBack.pairs),
      memorised: percent(0),
      either: percent(held.copied / held.heldBack.pairs),
    });
  }
  for (const side of ["validation", "test"] as const) {
    const [facts, found] = [files[side], overlap[side]];
    if (facts === null || found === null) continue;
    const { pairs } = facts.report;
    rules.push({
      of: `${side === "test" ? "Test" : "Validation"} (${count(pairs)} pairs)`,
      copied: percent(found.copied / pairs),
      memorised: percent(found.memorised / pairs),
      either: percent(found.either / pairs),
    });
  }
  return rules;
}

function describeRules(measured: MeasuredPairs): Row[] {
  return rulesOf(measured).flatMap(({ of, copied, memorised, either }): Row[] => [
    `What needs no model would answer correctly: ${of}`,
    ["Copying", `${copied}: the question as the answer`],
    ["Memorising", `${memorised}: the most frequent answer of a question that is in the data`],
    ["Both", `${either}: memorising, and copying where the question is not in the data`],
  ]);
}

function describeTraining({ settings, held, files, laidOut: { layout } }: MeasuredPairs): Row[] {
  const { source, target } = layout;
  const trained = files.data.report.pairs - (held?.heldBack.pairs ?? 0);
  return [
    [
      "Learns from",
      held === null
        ? `${count(trained)} pairs`
        : `${count(trained)} pairs; holds back ${count(held.heldBack.pairs)} with ${
          count(held.questions)
        } questions, which are on no other side`,
    ],
    [
      "Reads",
      `questions of up to ${plural(source.length, "symbol")}, of ${
        plural(source.symbols.length - 1, "symbol")
      } that it knows`,
    ],
    [
      "Writes",
      `answers of up to ${plural(target.length, "symbol")}, of ${
        plural(target.symbols.length - 1, "symbol")
      }`,
    ],
    [
      "Unicode form",
      settings.normalize === "none"
        ? `as the texts are; ${count(files.data.converted)} pairs are not in NFC`
        : `${settings.normalize}; ${
          count(files.data.converted)
        } pairs are in another form and are converted`,
    ],
    [
      "In NFD",
      `questions would have ${
        count(countDecomposed(charactersOf(files.data.source)))
      } different characters, answers ${count(countDecomposed(charactersOf(files.data.target)))}`,
    ],
  ];
}

function charactersOf({ symbols }: SideFacts): string[] {
  return symbols.filter(({ symbol }) => !symbol.startsWith("\t")).map(({ symbol }) => symbol);
}

/** Lays rows out: labels with their texts beside them, or below them if there is little room. */
function layRows(rows: readonly Row[], columns: number): string[] {
  return rows.flatMap((row, at): string[] => {
    if (typeof row === "string") return [...at === 0 ? [] : [""], ...wrapWords(row, columns, 2)];
    const [label, text] = row;
    if (label === "-") return wrapWords(`- ${text}`, columns, 2);
    if (columns < COLUMNS_FOR_LABELS) {
      return [`  ${label.trim()}`, ...wrapWords(text, columns - 4).map((line) => `    ${line}`)];
    }
    const lines = wrapWords(text, columns - LABEL_COLUMNS - 2);
    return lines.map((line, number) =>
      `  ${(number === 0 ? label : "").padEnd(LABEL_COLUMNS)}${line}`
    );
  });
}

/** Gives the path of a side as it was typed. */
export function nameOf(source: PairSource): string {
  if (source === null) return "";
  return typeof source === "string" ? source : source.path;
}

function count(number: number): string {
  return number.toLocaleString("en");
}

function plural(number: number, what: string): string {
  return `${count(number)} ${what}${number === 1 ? "" : "s"}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.001 ? 3 : 1)} %`;
}
