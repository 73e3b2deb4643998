/** `plot --attention`: draws the attention of an answer, as a picture or in the terminal. @module */
import { planSearch } from "../model/plan_search.ts";
import { predict } from "../model/predict.ts";
import type { AnswerAttention } from "../model/answer_attention.ts";
import { checkQuestion } from "../model/question.ts";
import { drawAttention } from "../plot/attention.ts";
import { createProblem } from "../problem/registry.ts";
import { describePrediction } from "./prediction_text.ts";
import { openModel } from "./open_model.ts";
import type { TypedOptions } from "./options.ts";
import { hasShapeOptions } from "./summary_command.ts";
import { lineColumns, print } from "./terminal.ts";
import { checkTyped, UsageError } from "./usage_error.ts";
import { readPictureFile, writePicture } from "./write_picture.ts";

/** Columns of a text that does not go to a terminal. */
const USUAL_COLUMNS = 80;
/** Characters that the font of PNG pictures has; a space is drawn. */
const IN_PNG = /^[ -~×–…]*$/;

/** Runs `plot --attention QUESTION` and gives the exit code. */
export async function plotAttention(typed: TypedOptions, asked: string): Promise<number> {
  const file = readPictureFile(typed);
  checkOptions(typed);
  using opened = await openModel(typed, "cpu");
  const { model, checkpoint, run } = opened;
  checkTyped(() => planSearch("plot", model, { attention: true }));
  const problem = createProblem(checkpoint.problem, model.config);
  const { question } = checkTyped(() => problem.readQuestion(asked));
  checkTyped(() => checkQuestion(model, question));
  const [prediction] = await predict(model, [question], { attention: true });
  if (typed.flag("terminal")) {
    const columns = Math.min(USUAL_COLUMNS, lineColumns());
    const place = { isTerminal: Deno.stdout.isTerminal(), columns };
    describePrediction(prediction!, problem, place).forEach(print);
    return 0;
  }
  const { attention } = prediction!;
  const path = file ?? `${run}/attention.svg`;
  if (/\.png$/i.test(path)) checkForPng(path, attention!);
  await writePicture(typed, path, () => drawAttention(attention!));
  return 0;
}

function checkOptions(typed: TypedOptions): void {
  const [given] = typed.positionals;
  if (given !== undefined) {
    throw new UsageError(
      `Cannot plot "${given}": --attention takes one question; one of several words needs quotation marks`,
    );
  }
  if (typed.flag("curves")) {
    throw new UsageError("Cannot plot: --attention and --curves exclude each other");
  }
  if (hasShapeOptions(typed)) {
    throw new UsageError(
      "Cannot plot attention: the options that describe a model cannot be used with --attention, because such a model was not trained; leave them out",
    );
  }
  if (typed.flag("terminal") && typed.text("to-file") !== undefined) {
    throw new UsageError("Cannot plot: --terminal and --to-file exclude each other");
  }
  if (typed.flag("terminal") && typed.flag("overwrite")) {
    throw new UsageError("Cannot plot: --terminal writes no file that --overwrite could replace");
  }
}

/** Checks that the font of PNG pictures has every symbol. */
function checkForPng(path: string, { question, answer }: AnswerAttention): void {
  const missing = [...question, ...answer].find((symbol) => !IN_PNG.test(symbol.trimStart()));
  if (missing === undefined) return;
  throw new UsageError(
    `Cannot plot to "${path}": the font of PNG pictures has ASCII characters, but a symbol is "${missing}"; name a file that ends in .svg`,
  );
}
