/** Answers the validation split of a run. @module */
import { evaluate } from "../../training/evaluate.ts";
import type { OpenRun } from "./open_run.ts";

/** Answers every question with the present weights, and keeps the answers to be shown. @returns indices of symbols, uint8 (N, T_out) */
export async function answerSplit(
  { training, split, live }: Pick<OpenRun, "training" | "split" | "live">,
): Promise<Uint8Array> {
  const { model, progress: { history } } = training;
  const { count = 0, target } = split?.validation ?? {};
  const answers = new Uint8Array(count * (target?.length ?? 0));
  if (split !== undefined) await evaluate(model, split.validation, { answers });
  live.keepAnswers({ event: "answers", epoch: history.length, answers });
  return answers;
}
