/** `predict`: sums in, answers out; from arguments, from standard input, or at a prompt. @module */
import { predict, type Prediction } from "../model/predict.ts";
import { describeDigits } from "../problem/addition.ts";
import { readSum } from "../problem/read_sum.ts";
import {
  BACKEND_OPTION,
  type Command,
  JSON_OPTION,
  RUN_OPTION,
  THREADS_OPTION,
  WEIGHTS_OPTION,
} from "./command.ts";
import { type OpenedModel, openModel } from "./open_model.ts";
import type { TypedOptions } from "./options.ts";
import { readLines } from "../checkpoint/read_lines.ts";
import { print, printError } from "./terminal.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** The command. */
export const PREDICT_COMMAND: Command = {
  positionals: "[SUM…]",
  options: [
    RUN_OPTION,
    WEIGHTS_OPTION,
    { ...BACKEND_OPTION, help: "auto, webgpu or cpu (default cpu: a GPU takes longer to start)" },
    THREADS_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'predict "12+34" "535+61"',
    "generate --examples 10 --digits 2 | cut -f1 | carry predict --json",
    "predict   (on a terminal: asks for sums)",
  ],
  run: runPredict,
};

/** Lines of standard input that are answered together. */
const LINES_TOGETHER = 1024;

async function runPredict(typed: TypedOptions): Promise<number> {
  using opened = await openModel(typed, "cpu"); // a GPU takes longer to start than to answer
  const show = typed.flag("json") ? showJson : showText;
  if (typed.positionals.length > 0) {
    const sums = typed.positionals.map((text) =>
      checkTyped(() => readSum(text, opened.checkpoint.problem))
    );
    (await predict(opened.model, sums)).forEach(show);
    return 0;
  }
  if (!Deno.stdin.isTerminal()) return await answerLines(opened, show);
  if (typed.flag("json")) {
    throw new UsageError("Cannot predict: --json needs sums as arguments or lines");
  }
  return await converse(opened);
}

/** Answers every line; one that is no sum is an error on standard error, and exit code 1 at the end. */
async function answerLines(
  opened: OpenedModel,
  show: (prediction: Prediction) => void,
): Promise<number> {
  let exitCode = 0;
  let number = 0;
  let sums: string[] = [];
  const answer = async (): Promise<void> => {
    (await predict(opened.model, sums)).forEach(show);
    sums = [];
  };
  for await (const line of readLines(Deno.stdin.readable, "standard input")) {
    number++;
    if (line.trim() === "") continue;
    try {
      sums.push(readSum(line, opened.checkpoint.problem));
    } catch (error) {
      await answer();
      printError(`Line ${number}: ${(error as Error).message}`);
      exitCode = 1;
    }
    if (sums.length >= LINES_TOGETHER) await answer();
  }
  await answer();
  return exitCode;
}

async function converse(opened: OpenedModel): Promise<number> {
  const { digits } = opened.checkpoint.problem;
  print(`Ask sums of numbers of ${describeDigits(digits)}; an empty line ends`);
  for (;;) {
    const text = prompt("?")?.trim();
    if (!text) return 0;
    try {
      const [prediction] = await predict(opened.model, [readSum(text, opened.checkpoint.problem)]);
      print(`  ${prediction!.answer}   (${(100 * prediction!.probability).toFixed(1)} % sure)`);
    } catch (error) {
      printError(`  ${(error as Error).message}`);
    }
  }
}

function showText({ question, answer }: Prediction): void {
  print(`${question}=${answer}`);
}

function showJson(prediction: Prediction): void {
  print(JSON.stringify(prediction));
}
