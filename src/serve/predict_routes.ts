/** The routes of `serve`: another program sends questions as JSON, and gets answers as JSON. @module */
import type { Model } from "../model/model.ts";
import { predict } from "../model/predict.ts";
import type { AdditionProblem } from "../problem/addition.ts";
import { readSum } from "../problem/read_sum.ts";
import { type Answer, answerJson } from "./answer.ts";
import { readFields } from "./read_fields.ts";
import { Refusal } from "./refusal.ts";
import type { Route } from "./routes.ts";
import { createWorkQueue } from "./work_queue.ts";

/** A model, its problem, and a description of it. */
export interface ServedModel {
  readonly model: Model;
  readonly problem: AdditionProblem;
  /** Fields of the answer of `/health` besides `"status": "ok"`. */
  readonly health: {
    readonly run: string;
    /** Steps that the weights were trained for. */
    readonly step: number;
    /** Number of parameters. */
    readonly parameters: number;
  };
}

/** Most questions in a request. */
const MAX_QUESTIONS = 1024;
/** Longest question that is read. */
const MAX_QUESTION_CHARACTERS = 256;
/** Most requests that are computed or waiting. */
const MAX_WAITING = 64;

/**
 * Makes the routes: `POST /predict`, which needs the token, and `GET /health`, which any program of this machine may use.
 *
 * @param mostWaiting requests that are computed or wait; further ones get status 503
 */
export function createPredictRoutes(
  served: ServedModel,
  mostWaiting: number = MAX_WAITING,
): [string, Route][] {
  const enqueue = createWorkQueue(mostWaiting);
  return [
    ["/predict", {
      method: "POST",
      access: "token",
      answer: ({ body }) => {
        const asked = readAsked(body, served.problem);
        return enqueue(() => answerAll(served.model, asked));
      },
    }],
    ["/health", {
      method: "GET",
      access: "open",
      answer: () => answerJson({ status: "ok", ...served.health }),
    }],
  ];
}

interface AskedQuestions {
  readonly sums: readonly string[];
  /** Whether `question` was sent: then the answer is one object, not a list. */
  readonly single: boolean;
  readonly probabilities: boolean;
}

function readAsked(body: unknown, problem: AdditionProblem): AskedQuestions {
  const { question, questions, probabilities = false } = readFields(
    body,
    ["question", "questions", "probabilities"],
  );
  if ((question === undefined) === (questions === undefined)) {
    throw new Refusal(
      400,
      "Cannot answer: the body must have exactly one of the fields question and questions",
    );
  }
  if (typeof probabilities !== "boolean") {
    throw new Refusal(400, "Cannot answer: probabilities must be true or false");
  }
  const texts = question === undefined ? questions : [question];
  if (!Array.isArray(texts) || texts.length < 1 || texts.length > MAX_QUESTIONS) {
    throw new Refusal(
      400,
      `Cannot answer: questions must be a list of 1 to ${MAX_QUESTIONS} strings`,
    );
  }
  const sums = texts.map((text: unknown, index) => checkQuestion(text, index, problem));
  return { sums, single: question !== undefined, probabilities };
}

function checkQuestion(text: unknown, index: number, problem: AdditionProblem): string {
  const fields = { index };
  if (typeof text !== "string" || text.length > MAX_QUESTION_CHARACTERS) {
    throw new Refusal(
      400,
      `Cannot answer: a question must be a string of at most ${MAX_QUESTION_CHARACTERS} characters`,
      { fields },
    );
  }
  try {
    return readSum(text, problem);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    throw new Refusal(400, error.message, { fields });
  }
}

async function answerAll(model: Model, asked: AskedQuestions): Promise<Answer> {
  const { sums, single, probabilities } = asked;
  const predictions = await predict(model, sums, { probabilities });
  const columns = probabilities ? { characters: model.config.characters } : {};
  return answerJson(
    single ? { ...predictions[0], ...columns } : { answers: predictions, ...columns },
  );
}
