/** Advice about files of pairs, from what was measured. @module */
import { EDIT_SYMBOLS } from "../../codec/answer_edits.ts";
import { countDecomposed, isDominated } from "../../problem/pairs/lay_out.ts";
import type { MeasuredPairs } from "../../problem/pairs/pair_meter.ts";
import type { SideFacts } from "../../problem/pairs/side_tally.ts";
import type { SymbolCount } from "../../problem/pairs/symbol_counts.ts";
import type { FileFacts } from "../../problem/pairs/tally.ts";
import { formatCount } from "../format.ts";
import { formatShare } from "./pairs_figures.ts";
import { PAIR_SIDES } from "../../problem/pairs/pair_meter.ts";

/** Of fewer pairs than this people are told that they are few. */
const FEW_PAIRS = 1000;
/** If more of a file's questions than this share are known, its score says little about new questions. */
const LARGE_OVERLAP = 0.5;
/** From this share of unknown symbols on, advice is given. */
const MANY_UNKNOWN = 0.01;

/** Gives advice, the most important first: sentences without a full stop. */
export function advisePairs(measured: MeasuredPairs): string[] {
  return [
    ...adviseOnColumns(measured),
    ...adviseOnSymbols(measured),
    ...adviseOnLengths(measured),
    ...adviseOnSides(measured),
  ];
}

function adviseOnColumns({ files: { data }, settings }: MeasuredPairs): string[] {
  const advice: string[] = [];
  if (data.seemsToHaveHeader) {
    advice.push(
      "The first line reads like a header, but is used as a pair: name the columns, as in --question-column NAME --answer-column NAME, if it is one",
    );
  }
  const unused = data.report.unusedColumns;
  if (unused.length > 0 && settings.featureColumns.length === 0) {
    advice.push(
      `Column ${unused.slice(0, 5).join(", ")} is not used; if it has features, --feature-columns ${
        unused.slice(0, 5).join(",")
      } makes each of them, divided at ";", a symbol of the question`,
    );
  }
  for (const side of ["source", "target"] as const) {
    const { spaced } = data[side];
    if (spaced === 0) continue;
    advice.push(
      spaced === 1
        ? `One of the ${wordOf(side)} begins or ends with a space, which is a symbol like others`
        : `${formatCount(spaced)} ${
          wordOf(side)
        } begin or end with a space, which is a symbol like others`,
    );
  }
  return advice;
}

function adviseOnSymbols({ files, settings, laidOut }: MeasuredPairs): string[] {
  const { data } = files;
  const advice: string[] = [];
  if (settings.targetSeparator === "" && seemsSeparated(data.target, data.report.pairs)) {
    advice.push(
      'Answers read like symbols with spaces between them: --target-separator " " makes each a symbol, and answers shorter',
    );
  }
  if (settings.normalize === "none" && data.converted > 0) {
    advice.push(
      `${data.converted} pairs have characters in two parts, such as e and an accent: --normalize nfc makes the same text the same symbols`,
    );
  }
  const characters = data.source.symbols.map(({ symbol }) => symbol);
  const parts = countDecomposed(characters);
  const canDecompose = settings.normalize !== "NFD" && parts < characters.length / 2;
  if (laidOut.unknownShare > MANY_UNKNOWN && canDecompose) {
    advice.push(
      `${
        formatShare(laidOut.unknownShare)
      } of the questions' text is unknown symbols: --normalize nfd divides their ${characters.length} symbols into ${parts}`,
    );
  } else if (laidOut.unknownShare > MANY_UNKNOWN) {
    advice.push(
      `${
        formatShare(laidOut.unknownShare)
      } of the questions' text is unknown symbols, which the model cannot tell apart`,
    );
  }
  const writtenIn = (facts: FileFacts | null): readonly SymbolCount[] =>
    (settings.answers === "edits" ? facts?.edits : facts?.target)?.symbols ?? [];
  const trained = new Set([...EDIT_SYMBOLS, ...writtenIn(data).map(({ symbol }) => symbol)]);
  for (const side of ["validation", "test"] as const) {
    const fresh = writtenIn(files[side]).filter(({ symbol }) => !trained.has(symbol));
    if (fresh.length === 0) continue;
    advice.push(
      `${
        fresh.length === 1 ? "A symbol" : `${fresh.length} symbols`
      } of the ${side} answers never occur${
        fresh.length === 1 ? "s" : ""
      } in the data, so that no model can write them: the first is ${
        JSON.stringify(fresh[0]!.symbol)
      } in line ${fresh[0]!.line}`,
    );
  }
  return advice;
}

function adviseOnLengths({ files }: MeasuredPairs): string[] {
  const advice: string[] = [];
  for (const name of PAIR_SIDES) {
    for (const side of ["source", "target"] as const) {
      const facts = files[name]?.[side];
      if (facts === undefined || !isDominated(facts)) continue;
      advice.push(
        `Line ${facts.longestLine} of the ${name} file has ${
          side === "source" ? "a question" : "an answer"
        } of ${facts.longest} symbols, 99 % have at most ${facts.usual}: all examples take as much memory as the longest, and with --decoder repeat as much time; --max-length ${facts.usual} --bad-lines skip leaves longer ones out`,
      );
    }
  }
  return advice;
}

function adviseOnSides({ files, overlap }: MeasuredPairs): string[] {
  const advice: string[] = [];
  if (files.data.report.pairs < FEW_PAIRS) {
    advice.push(
      `There are only ${files.data.report.pairs} pairs: a model that learns from fewer than ${
        formatCount(FEW_PAIRS)
      } often answers new questions wrong. More pairs help, and so does --ensemble 5`,
    );
  }
  for (const side of ["validation", "test"] as const) {
    const [facts, found] = [files[side], overlap[side]];
    if (facts === null || found === null) continue;
    const share = found.questions / facts.report.pairs;
    if (share <= LARGE_OVERLAP) continue;
    advice.push(
      `${
        formatShare(share)
      } of the ${side} questions are in the data too: a score on them says little about new questions, and memorising gets ${
        formatShare(found.memorised / facts.report.pairs)
      }`,
    );
  }
  return advice;
}

/** Says whether texts are short symbols with spaces between them: `a v p r`. */
function seemsSeparated({ symbols }: SideFacts, texts: number): boolean {
  const spaces = symbols.find(({ symbol }) => symbol === " ")?.count ?? 0;
  const all = symbols.reduce((sum, { count }) => sum + count, 0);
  return spaces > 1.5 * texts && (all - spaces) / (spaces + texts) < 2;
}

function wordOf(side: "source" | "target"): string {
  return side === "source" ? "questions" : "answers";
}
