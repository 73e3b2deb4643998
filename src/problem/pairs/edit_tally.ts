/** Measures answers as edits of their questions, and chooses whether a model writes them so. @module */
import { KEPT, LEFT_OUT_BEHIND, LEFT_OUT_IN_FRONT, writeEdits } from "../../codec/answer_edits.ts";
import { FEATURE_MARK } from "../../codec/layout.ts";
import { formOf } from "./given_form.ts";
import { countSymbols, splitQuestion } from "./pair_text.ts";
import { createSideTally, type SideFacts } from "./side_tally.ts";
import type { PairsSettings } from "./settings.ts";
import { createSymbolCounter } from "./symbol_counts.ts";

/** What was found in answers as edits. */
export interface EditFacts
  extends Pick<SideFacts, "symbols" | "longest" | "longestLine" | "usual"> {
  /** Number of pairs. */
  readonly pairs: number;
  /** Number of pairs whose answer keeps at least half of the symbols of its question. */
  readonly keeping: number;
}

/** Measures answers as edits, pair by pair. */
export interface EditTally {
  add(question: string, answer: string, line: number): void;
  /** Gives what was found; null if answers are texts. */
  finish(): EditFacts | null;
}

type EditOptions = Pick<
  PairsSettings,
  "sourceSeparator" | "targetSeparator" | "normalize" | "answers"
>;

/** An answer keeps most of its question from this share of symbols on. */
const MOST_OF_A_QUESTION = 0.5;
/** Answers are edits if this share of them keep most of their question. Of inflected forms in four languages 95 % do. */
const MOST_ANSWERS = 0.75;

/** Makes a tally. With `auto` it ends at the first pair without features: answers are then texts. */
export function createEditTally(
  { sourceSeparator, targetSeparator, normalize, answers }: EditOptions,
): EditTally {
  const texts = { separator: targetSeparator, normalize: formOf(normalize) };
  const symbols = createSymbolCounter(targetSeparator);
  const side = createSideTally();
  let isOver = answers === "text" || (answers === "auto" && sourceSeparator !== targetSeparator);
  let [pairs, keeping] = [0, 0];

  function keepsMost(question: string, written: string): boolean {
    if (!written.includes(KEPT)) return false;
    const [text] = splitQuestion(question);
    const asked = countSymbols(text, sourceSeparator);
    const leftOut =
      Array.from(written).filter((each) => each === LEFT_OUT_IN_FRONT || each === LEFT_OUT_BEHIND)
        .length;
    return asked - leftOut >= MOST_OF_A_QUESTION * asked;
  }

  return {
    add(question, answer, line): void {
      if (isOver) return;
      if (answers === "auto" && !question.includes(FEATURE_MARK)) {
        isOver = true;
        return;
      }
      const written = writeEdits(question, answer, texts);
      symbols.addText(written, line);
      side.add(written, countSymbols(written, targetSeparator), line);
      pairs++;
      if (keepsMost(question, written)) keeping++;
    },
    finish(): EditFacts | null {
      if (isOver) return null;
      const { longest, longestLine, usual } = side.finish();
      return {
        ...{ symbols: symbols.list(), longest, longestLine, usual },
        ...{ pairs, keeping },
      };
    },
  };
}

/** Chooses how answers are written: as it is given, or by what was found in the pairs to learn from. */
export function chooseAnswers(
  { answers }: Pick<PairsSettings, "answers">,
  edits: EditFacts | null,
): "text" | "edits" {
  if (answers !== "auto") return answers;
  return edits !== null && edits.keeping >= MOST_ANSWERS * edits.pairs ? "edits" : "text";
}
