/** Shows in a notebook where a model looked. @module */
import { escapeText } from "../arguments/escape.ts";
import { showSymbol } from "../codec/show_symbol.ts";
import type { MediaBundle } from "../display/display.ts";
import type { AnswerAttention } from "../model/answer_attention.ts";
import { drawAttention } from "../plot/attention.ts";

/** Shows an attention as a picture; as text its question and its answer. */
export function showAttention(attention: AnswerAttention): MediaBundle {
  const [question, answer] = [attention.question, attention.answer]
    .map((symbols) => escapeText(symbols.map(showSymbol).join(" ")));
  return {
    "text/plain": `${question} → ${answer}`,
    "image/svg+xml": drawAttention(attention),
  };
}
