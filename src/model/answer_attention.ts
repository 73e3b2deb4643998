/** The attention of an answer, as people read it. @module */
import { orderPositions } from "../codec/layout.ts";
import type { TextCodec } from "../codec/text_codec.ts";
import type { MediaBundle } from "../display/display.ts";
import type { FoundAnswer } from "./hypothesis.ts";

/** How much a model looked at each symbol of a question when it chose each symbol of its answer. A notebook shows it as a picture. */
export interface AnswerAttention {
  /** The question's symbols, in the order in which people write them: the columns of the weights. A feature begins with a tab. */
  readonly question: readonly string[];
  /** The answer's symbols: the rows of the weights. Its end is left out. */
  readonly answer: readonly string[];
  /** From 0 to 1; the sum of a row is 1. */
  readonly weights: readonly (readonly number[])[];
}

/**
 * Reads the attention of an answer.
 *
 * @param question the text that was answered
 * @param found an answer with its attention
 */
export function readAttention(
  { source, target }: { readonly source: TextCodec; readonly target: TextCodec },
  question: string,
  { characters, attention }: Pick<FoundAnswer, "characters" | "attention">,
): AnswerAttention {
  const T = source.length;
  const asked = source.split(question);
  const columns = orderPositions(source.layout, asked.length).slice(0, asked.length);
  const rows = listShown(target, characters);
  return {
    question: [...asked],
    answer: rows.map((t) => target.layout.symbols[characters[t]!]!),
    weights: rows.map((t) => columns.map((column) => attention![t * T + column]!)),
  };
}

/** Shows the attention of an answer in a notebook. */
export async function viewAttention(attention: AnswerAttention): Promise<MediaBundle> {
  return (await import("../notebook/show_attention.ts")).showAttention(attention);
}

/** Lists the positions of an answer's symbols up to its end, in the order in which people write them. */
function listShown({ layout }: TextCodec, characters: Uint8Array): number[] {
  const { symbols, padding } = layout;
  const end = characters.findIndex((index) => symbols[index] === padding);
  const count = end < 0 ? characters.length : end;
  return orderPositions(layout, count).slice(0, count)
    .filter((t) => symbols[characters[t]!] !== "");
}
