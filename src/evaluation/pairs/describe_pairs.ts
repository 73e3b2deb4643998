/** Describes what was measured of files of pairs: the text of `check`, and its short form. @module */
import type { EditFacts } from "../../problem/pairs/edit_tally.ts";
import { type FormChoice, RARE } from "../../problem/pairs/choose_form.ts";
import { countDecomposed, leastCount, sumCounts } from "../../problem/pairs/lay_out.ts";
import type { MeasuredPairs } from "../../problem/pairs/pair_meter.ts";
import type { PairSource } from "../../problem/pairs/settings.ts";
import { isRead } from "../../problem/pairs/joined_features.ts";
import type { SideFacts } from "../../problem/pairs/side_tally.ts";
import type { FileFacts, Overlap } from "../../problem/pairs/tally.ts";
import { wrapWords } from "../columns.ts";
import { describeFile, describeLeftOut, describeLengths, rareRow } from "./pair_file_rows.ts";
import { layRows, type Row } from "../lay_rows.ts";
import { formatCount, formatPlural } from "../format.ts";
import { formatShare, nameOf } from "./pairs_figures.ts";
import { rulesOf } from "./simple_rules.ts";
import { advisePairs } from "./pairs_advice.ts";

/** Describes everything, in lines of at most some columns. @param advice sentences for people, none where they are shown elsewhere */
export function describePairs(
  measured: MeasuredPairs,
  columns: number,
  advice: readonly string[] = advisePairs(measured),
): string[] {
  const { settings, files, overlap } = measured;
  return layRows([
    ...describeFile("Data", settings.data, files.data),
    ["Question symbols", describeSourceSymbols(measured)],
    ...rareRow(files.data.source, 2 * leastCount(settings, files.data)),
    ["Answer symbols", formatCount(files.data.target.symbols.length)],
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
  const { settings, files, laidOut: { layout, unknownShare }, form } = measured;
  const { source, target } = layout;
  const unknown = unknownShare > 0 ? ` (${formatShare(unknownShare)} unknown)` : "";
  const advice = advisePairs(measured);
  return [
    `${nameOf(settings.data)}: ${formatPlural(files.data.report.pairs, "pair")}${
      describeLeftOut(files.data)
    }`,
    `Questions of up to ${source.length} symbols, ${
      source.symbols.length - 1
    } different${unknown}; answers of up to ${target.length}, ${
      target.symbols.length - 1
    } different${settings.answers === "edits" ? ", as edits of the question" : ""}`,
    ...(form?.form === "NFD" ? [`Unicode form NFD${describeForm(form)}`] : []),
    ...rulesOf(measured).map(({ of, copied, memorised, either }) =>
      `${of}: copying the question would answer ${copied} correctly, memorising ${memorised}, both ${either}`
    ),
    ...advice.map((text) => `Note: ${text}`),
  ].flatMap((line) => wrapWords(line, columns, 2));
}

function describeSourceSymbols({ settings, files, laidOut }: MeasuredPairs): string {
  const { unknown, unknownShare } = laidOut;
  const all = files.data.source.symbols.length;
  if (unknown.length === 0) return formatCount(all);
  const least = leastCount(settings, files.data);
  const why = unknown[0]!.count >= least
    ? "the least frequent"
    : least === 2
    ? "those that occur once"
    : `those that occur less than ${least} times`;
  return `${formatCount(all)}; ${formatCount(unknown.length)}, ${why}, become the unknown symbol (${
    formatShare(unknownShare)
  } of the text)`;
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
  const unknown = sumCounts(facts.source.symbols.filter(({ symbol }) => !isRead(symbol, known)));
  return [
    ...describeFile(label, source, facts),
    [
      "Known from data",
      `${formatShare(overlap.questions / pairs)} of the questions, ${
        formatShare(overlap.pairs / pairs)
      } of the pairs`,
    ],
    [
      "Unknown symbols",
      `${
        formatShare(unknown / Math.max(1, sumCounts(facts.source.symbols)))
      } of the questions' text`,
    ],
  ];
}

function describeRules(measured: MeasuredPairs): Row[] {
  return rulesOf(measured).flatMap(({ of, copied, memorised, either }): Row[] => [
    `Right answers without a model: ${of}`,
    ["Copying", `${copied}: the question as the answer`],
    ["Memorising", `${memorised}: the most frequent answer of a question that is in the data`],
    ["Both", `${either}: memorising, and copying where the question is not in the data`],
  ]);
}

function describeTraining(
  { settings, held, files, laidOut: { layout }, form }: MeasuredPairs,
): Row[] {
  const { source, target } = layout;
  const trained = files.data.report.pairs - (held?.heldBack.pairs ?? 0);
  return [
    [
      "Learns from",
      held === null
        ? formatPlural(trained, "pair")
        : `${formatPlural(trained, "pair")}; holds back ${formatCount(held.heldBack.pairs)} with ${
          formatCount(held.questions)
        } questions, which are on no other side`,
    ],
    [
      "Reads",
      `questions of up to ${formatPlural(source.length, "symbol")}, of ${
        formatPlural(source.symbols.length - 1, "symbol")
      } that it knows`,
    ],
    [
      "Writes",
      `answers of up to ${formatPlural(target.length, "symbol")}, of ${
        formatPlural(target.symbols.length - 1, "symbol")
      }`,
    ],
    ...describeAnswers(settings, files.data.edits),
    [
      "Unicode form",
      settings.normalize === "none"
        ? `as the texts are; pairs that are not in NFC: ${formatCount(files.data.converted)}`
        : `${settings.normalize}${describeForm(form)}; ${describeConverted(files.data.converted)}`,
    ],
    [
      "In NFD",
      `questions would have ${
        formatCount(countDecomposed(charactersOf(files.data.source)))
      } different characters, answers ${
        formatCount(countDecomposed(charactersOf(files.data.target)))
      }`,
    ],
  ];
}

/** Says that answers are edits, and why, and how features are learned. */
function describeAnswers(
  { answers, featureOrder }: MeasuredPairs["settings"],
  edits: EditFacts | null,
): Row[] {
  const order: Row[] = featureOrder === "random"
    ? [["Features", "in another random order in every epoch"]]
    : [];
  if (answers !== "edits" || edits === null) return order;
  return [
    [
      "Answers",
      `as edits: which part of the question is kept, and what is added to it; ${
        formatShare(edits.keeping / Math.max(1, edits.pairs))
      } of the answers keep at least half of their question`,
    ],
    ...order,
  ];
}

/** Says why a Unicode form was chosen. */
function describeForm(form: FormChoice | undefined): string {
  if (form === undefined) return "";
  const { composed, decomposed, rareShare } = form;
  const reason = `${
    formatShare(rareShare)
  } of the text in NFC is characters that occur less than ${RARE} times`;
  return form.form === "NFC"
    ? `, chosen because only ${reason}`
    : `, chosen because ${reason}, and ${decomposed} different characters remain of ${composed}`;
}

function charactersOf({ symbols }: SideFacts): string[] {
  return symbols.filter(({ symbol }) => !symbol.startsWith("\t")).map(({ symbol }) => symbol);
}

function describeConverted(pairs: number): string {
  return pairs === 0
    ? "all pairs are in it"
    : `${formatPlural(pairs, "pair")} ${
      pairs === 1 ? "is in another form and is" : "are in another form and are"
    } converted`;
}
