/** Writes predictions as lines. @module */
import type { AnswerText } from "../model/answer.ts";
import type { Prediction } from "../model/predict.ts";
import type { Problem } from "../problem/problem.ts";
import { countColumns } from "./columns.ts";
import type { Line } from "./terminal.ts";
import { drawTerminalAttention } from "./terminal_attention.ts";

/** Where a prediction is written. */
export interface PredictionPlace {
  /** Whether people read it, who want to know how probable an answer is. Programs find that in the output of `--json`. */
  readonly isTerminal: boolean;
  /** Columns of a line. */
  readonly columns: number;
}

/**
 * Writes a prediction: `question=answer`, then the other answers and the attention, if they were asked for. In a terminal, an answer has
 * its probability, and the other answers stand below the first; elsewhere each is a line like the first.
 */
export function describePrediction(
  { question, answer, probability, agreement, alternatives = [], attention }: Prediction,
  { equals }: Pick<Problem, "equals">,
  { isTerminal, columns }: PredictionPlace,
): Line[] {
  const asked = `${question}${equals}`;
  const answers: readonly AnswerText[] = [{ answer, probability }, ...alternatives.slice(1)];
  const indent = Math.min(countColumns(asked), Math.floor(columns / 2));
  return [
    ...answers.map((each, i) => {
      const certainty = isTerminal ? `  ${(100 * each.probability).toFixed(1)} %` : "";
      const agreeing = isTerminal && i === 0 && agreement !== undefined
        ? `, ${(100 * agreement).toFixed(0)} % of the models agree`
        : "";
      const before = i > 0 && isTerminal ? " ".repeat(indent) : asked;
      return `${before}${each.answer}${certainty}${agreeing}`;
    }),
    ...(attention === undefined ? [] : drawTerminalAttention(attention, columns)),
  ];
}
