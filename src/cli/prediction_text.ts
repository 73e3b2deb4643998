/** Writes predictions as lines. @module */
import type { AnswerText } from "../model/answer.ts";
import type { Prediction } from "../model/predict.ts";
import type { Problem } from "../problem/problem.ts";
import { countColumns, wrapWords } from "../evaluation/columns.ts";
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
  prediction: Prediction,
  { equals }: Pick<Problem, "equals">,
  { isTerminal, columns }: PredictionPlace,
): Line[] {
  const { question, answer, probability, alternatives = [], attention } = prediction;
  const asked = `${question}${equals}`;
  const answers: readonly AnswerText[] = [{ answer, probability }, ...alternatives.slice(1)];
  const indent = Math.min(countColumns(asked), Math.floor(columns / 2));
  return [
    ...answers.flatMap((each, i) => {
      if (!isTerminal) return [asked + each.answer];
      const given = (i > 0 ? " ".repeat(indent) : asked) + each.answer;
      const certainty = `${(100 * each.probability).toFixed(1)} %${
        i === 0 ? describeSource(prediction) : ""
      }`;
      const line = `${given}  ${certainty}`;
      return countColumns(line) <= columns
        ? [line]
        : [given, ...wrapWords(certainty, columns - 4).map((part) => `    ${part}`)];
    }),
    ...(attention === undefined ? [] : drawTerminalAttention(attention, columns)),
  ];
}

/** Says where an answer comes from, if not from one model: from several, or from the training. */
function describeSource({ agreement, remembered }: Prediction): string {
  if (remembered) return " of its answers in the training";
  return agreement === undefined ? "" : `, ${(100 * agreement).toFixed(0)} % of the models agree`;
}
