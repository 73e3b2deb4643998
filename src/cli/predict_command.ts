/** `predict`: answers questions from arguments, from standard input, or at a prompt. @module */
import { readLines } from "../checkpoint/read_lines.ts";
import { predict, type Prediction, type PredictOptions } from "../model/predict.ts";
import { planSearch } from "../model/plan_search.ts";
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
import { COMBINE_OPTION, type OpenedModel, openModel } from "./open_model.ts";
import { MEMORY_OPTION, openMemory } from "./open_memory.ts";
import type { TypedOptions } from "./options.ts";
import { formatJson } from "../arguments/escape.ts";
import { describePrediction } from "./prediction_text.ts";
import { ATTENTION_OPTION, readSearch, SEARCH_OPTIONS } from "./search_options.ts";
import { type Line, lineColumns, print, printError, printLines, printPrompt } from "./terminal.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** The command. */
export const PREDICT_COMMAND: Command = {
  positionals: "[QUESTION…]",
  options: [
    RUN_OPTION,
    WEIGHTS_OPTION,
    COMBINE_OPTION,
    MEMORY_OPTION,
    ...SEARCH_OPTIONS,
    ATTENTION_OPTION,
    ...INFERENCE_DEVICE_OPTIONS,
    JSON_OPTION,
  ],
  examples: [
    "predict 12+34 535+61",
    "generate --examples 10 --digits 2 | cut -f1 | PROGRAM predict --json",
    "predict 12+34 --n-best 3",
    "predict   (asks for questions, on a terminal)",
  ],
  run: runPredict,
};

/** Questions that are answered together. */
const QUESTIONS_TOGETHER = 1024;

/** Columns of a text that does not go to a terminal. */
const USUAL_COLUMNS = 80;

/** An opened model, and how it is asked. */
interface Asking extends OpenedModel {
  readonly options: PredictOptions;
}

/** Writes an answer. */
type Describe = (prediction: Prediction, problem: Problem) => readonly Line[];

async function runPredict(typed: TypedOptions): Promise<number> {
  const search = readSearch(typed, "predict");
  const attention = typed.flag("attention");
  using opened = await openModel(typed, "cpu"); // a GPU takes longer to start than to answer
  checkTyped(() => planSearch("predict", opened.model, { ...search, attention }));
  const remembering = await openMemory(typed, opened, new AbortController().signal);
  const asking = { ...opened, options: { ...search, attention, ...remembering } };
  const describe: Describe = typed.flag("json") ? (each) => [formatJson(each)] : describeAnswer;
  if (typed.positionals.length > 0) {
    return await answerAll(asking, nameArguments(typed.positionals), describe);
  }
  if (!Deno.stdin.isTerminal()) {
    return await answerAll(asking, nameLines(Deno.stdin.readable), describe);
  }
  if (typed.flag("json")) {
    throw new UsageError(
      "Cannot predict: --json needs questions, as arguments or as lines on standard input",
    );
  }
  return await converse(asking);
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
  asking: Asking,
  asked: Iterable<Asked> | AsyncIterable<Asked>,
  describe: Describe,
): Promise<number> {
  const problem = problemOf(asking);
  let exitCode = 0;
  let questions: string[] = [];
  let isRead = true;
  const answer = async (): Promise<void> => {
    const predictions = await predict(asking.model, questions, asking.options);
    isRead = await printLines(predictions.flatMap((each) => describe(each, problem))) && isRead;
    questions = [];
  };
  for await (const { text, name } of asked) {
    try {
      const { question, note } = problem.readQuestion(text);
      checkQuestion(asking.model, question);
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

async function converse(asking: Asking): Promise<number> {
  print(`Type ${problemOf(asking).question}; an empty line ends`);
  printPrompt("? ");
  for await (const line of readLines(Deno.stdin.readable, "the terminal")) {
    const text = line.trim();
    if (text === "") return 0;
    await answerAll(asking, nameArguments([text]), describeAnswer);
    printPrompt("? ");
  }
  print(""); // Ctrl-D leaves the cursor behind the prompt
  return 0;
}

function describeAnswer(prediction: Prediction, problem: Problem): Line[] {
  return describePrediction(prediction, problem, {
    isTerminal: Deno.stdout.isTerminal(),
    columns: Math.min(USUAL_COLUMNS, lineColumns()),
  });
}
