/** `predict`: answers questions from arguments, from standard input, or at a prompt. @module */
import { readLines } from "../checkpoint/read_lines.ts";
import { predict, type Prediction } from "../model/predict.ts";
import { checkQuestion } from "../model/question.ts";
import type { Problem } from "../problem/problem.ts";
import { createProblem } from "../problem/registry.ts";
import {
  type Command,
  INFERENCE_DEVICE_OPTIONS,
  JSON_OPTION,
  RUN_OPTION,
  WEIGHTS_OPTION,
} from "./command.ts";
import { type OpenedModel, openModel } from "./open_model.ts";
import type { TypedOptions } from "./options.ts";
import { formatJson } from "../arguments/escape.ts";
import { print, printError, printLines, printPrompt } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** The command. */
export const PREDICT_COMMAND: Command = {
  positionals: "[QUESTION…]",
  options: [
    RUN_OPTION,
    WEIGHTS_OPTION,
    ...INFERENCE_DEVICE_OPTIONS,
    JSON_OPTION,
  ],
  examples: [
    "predict 12+34 535+61",
    "generate --examples 10 --digits 2 | cut -f1 | PROGRAM predict --json",
    "predict   (asks for questions, on a terminal)",
  ],
  run: runPredict,
};

/** Questions that are answered together. */
const QUESTIONS_TOGETHER = 1024;

async function runPredict(typed: TypedOptions): Promise<number> {
  using opened = await openModel(typed, "cpu"); // a GPU takes longer to start than to answer
  const describe = typed.flag("json") ? (each: Prediction) => formatJson(each) : describeAnswer;
  if (typed.positionals.length > 0) {
    return await answerAll(opened, nameArguments(typed.positionals), describe);
  }
  if (!Deno.stdin.isTerminal()) {
    return await answerAll(opened, nameLines(Deno.stdin.readable), describe);
  }
  if (typed.flag("json")) {
    throw new UsageError(
      "Cannot predict: --json needs questions, as arguments or as lines on standard input",
    );
  }
  return await converse(opened);
}

/** A question, and its name in an error message. */
interface Asked {
  readonly text: string;
  readonly name: string;
}

function* nameArguments(texts: readonly string[]): Generator<Asked, void> {
  for (const [i, text] of texts.entries()) {
    yield { text, name: texts.length > 1 ? `Argument ${i + 1}: ` : "" };
  }
}

async function* nameLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Asked, void> {
  let number = 0;
  for await (const text of readLines(stream, "standard input")) {
    number++;
    if (text.trim() !== "") yield { text, name: `Line ${number}: ` };
  }
}

/**
 * Answers questions in order. For a question that cannot be answered it prints the reason to standard error, answers the others,
 * and gives the exit code 1.
 */
async function answerAll(
  opened: OpenedModel,
  asked: Iterable<Asked> | AsyncIterable<Asked>,
  describe: (prediction: Prediction, problem: Problem) => string,
): Promise<number> {
  const problem = problemOf(opened);
  let exitCode = 0;
  let questions: string[] = [];
  let isRead = true;
  const answer = async (): Promise<void> => {
    isRead = await printLines(
      (await predict(opened.model, questions)).map((each) => describe(each, problem)),
    ) && isRead;
    questions = [];
  };
  for await (const { text, name } of asked) {
    try {
      const { question, note } = problem.readQuestion(text);
      checkQuestion(opened.model, question);
      if (note !== undefined) printError(`${name}${note}`);
      questions.push(question);
    } catch (error) {
      await answer();
      printError(`${name}${(error as Error).message}`);
      exitCode = 1;
    }
    if (questions.length >= QUESTIONS_TOGETHER) await answer();
    if (!isRead) return exitCode; // the input may have no end
  }
  await answer();
  return exitCode;
}

function problemOf({ checkpoint, model }: OpenedModel): Problem {
  return createProblem(checkpoint.problem, model.config);
}

async function converse(opened: OpenedModel): Promise<number> {
  print(`Type ${problemOf(opened).question}; an empty line ends`);
  printPrompt("? ");
  for await (const line of readLines(Deno.stdin.readable, "the terminal")) {
    const text = line.trim();
    if (text === "") return 0;
    await answerAll(opened, nameArguments([text]), describeAnswer);
    printPrompt("? ");
  }
  print(""); // Ctrl-D leaves the cursor behind the prompt
  return 0;
}

/** Prints an answer; on a terminal, its probability too. Programs find the probability in the output of `--json`. */
function describeAnswer(
  { question, answer, probability }: Prediction,
  { equals }: Problem,
): string {
  const certainty = Deno.stdout.isTerminal() ? `  ${(100 * probability).toFixed(1)} %` : "";
  return `${question}${equals}${answer}${certainty}`;
}
