/** People's own pairs as a kind of problem. @module */
import { describeFound } from "../../arguments/rule.ts";
import type { Layout, Normalization } from "../../codec/layout.ts";
import { createTextCodec } from "../../codec/text_codec.ts";
import type { AskedQuestion, Problem, ProblemKind } from "../problem.ts";
import { joinFeatures, readFeatures, readText, splitQuestion } from "./pair_text.ts";
import { groupPairs } from "./pairs_groups.ts";
import { lastName } from "./name_files.ts";
import type { PairSource, PairsSettings } from "./settings.ts";
import { PAIRS_SETTINGS } from "./settings_table.ts";
import { resolvePairs } from "./resolve_pairs.ts";

/** Pairs of people's own, in files or given by a program. Their layout is measured. */
export const PAIRS: ProblemKind<PairsSettings> = {
  name: "pairs",
  summary: "pairs of your own, read from files of tab-separated columns or JSON lines",
  options: PAIRS_SETTINGS,
  reverse: true,
  resolve: resolvePairs,
  create: createPairs,
};

function createPairs(settings: PairsSettings, layout: Layout): Problem {
  const { data, featureColumns } = settings;
  const codec = createTextCodec(layout.source);
  const features = featureColumns.length;
  const like = data === null ? "" : `, as in ${nameOf(data)}`;
  const after = features === 0 ? "" : ", and after a tab its features, such as V;PST";
  const known = new Set(layout.source.symbols);

  function readQuestion(text: string): AskedQuestion {
    const question = readColumns(text, settings, layout.source.normalize);
    const fault = codec.findFault(question);
    if (fault !== undefined) {
      const ErrorClass = fault.kind === "length" ? RangeError : SyntaxError;
      throw new ErrorClass(`Cannot answer ${describeFound(text)}: ${fault.reason}`);
    }
    const unknown = new Set(codec.split(question).filter((symbol) => !known.has(symbol)));
    return unknown.size === 0 ? { question } : { question, note: describeUnknown(unknown) };
  }

  return {
    settings,
    title: describeData(data),
    question: `a text of up to ${layout.source.length} symbols${like}${after}`,
    equals: " → ",
    groupings: groupPairs(settings, layout),
    readQuestion,
  };
}

/** Normalises a question and its columns of features. @throws {SyntaxError} if it is empty or has another number of columns */
function readColumns(
  text: string,
  { sourceSeparator, featureColumns }: PairsSettings,
  normalize: Normalization,
): string {
  const [main, ...columns] = splitQuestion(text);
  const question = readText(main, sourceSeparator, normalize);
  const fail = (reason: string): never => {
    throw new SyntaxError(`Cannot answer ${describeFound(text)}: ${reason}`);
  };
  if (question === "") fail("the question must not be empty");
  if (!text.isWellFormed()) fail("it must have no half of a surrogate pair without the other half");
  if (columns.length > featureColumns.length) {
    fail(
      `it must have ${featureColumns.length} ${
        featureColumns.length === 1 ? "column" : "columns"
      } of features, each after a tab, but has ${columns.length}`,
    );
  }
  return joinFeatures(question, readFeatures(columns, normalize));
}

function describeUnknown(unknown: ReadonlySet<string>): string {
  const list = Array.from(unknown, (symbol) => describeFound(symbol.replace(/^\t(?=.)/s, "")));
  const shown = list.slice(0, 5).join(", ") + (list.length > 5 ? ", …" : "");
  return `Read ${shown} as the unknown symbol: the training had ${
    list.length === 1 ? "it" : "them"
  } rarely or never`;
}

function describeData(data: PairSource): string {
  if (data === null) return "pairs given by a program";
  return typeof data === "string"
    ? `pairs of ${nameOf(data)}`
    : `${data.pairs.toLocaleString("en")} ${data.pairs === 1 ? "pair" : "pairs"} of ${
      nameOf(data)
    }`;
}

/** Gives the name of a file. */
function nameOf(data: Exclude<PairSource, null>): string {
  return lastName(typeof data === "string" ? data : data.path);
}
