/** The routes of `serve`: another program sends questions as JSON, and gets answers as JSON. @module */
import { MAX_LENGTH } from "../codec/layout.ts";
import type { Model } from "../model/model.ts";
import { predict } from "../model/predict.ts";
import { checkQuestion } from "../model/question.ts";
import type { Problem } from "../problem/problem.ts";
import { type Answer, answerJson } from "./answer.ts";
import { readFields } from "./read_fields.ts";
import { Refusal } from "./refusal.ts";
import type { Route } from "./routes.ts";
import { createWorkQueue } from "./work_queue.ts";

/** A model, its problem, and a description of it. */
export interface ServedModel {
  readonly model: Model;
  readonly problem: Problem;
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
/** Longest question that is read, in UTF-16 units: every model's longest fits. */
const MAX_QUESTION_CHARACTERS = 2 * MAX_LENGTH;
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
        const asked = readAsked(body, served);
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
  readonly questions: readonly string[];
  /** Whether `question` was sent: then the answer is one object, not a list. */
  readonly single: boolean;
  readonly probabilities: boolean;
}

function readAsked(body: unknown, served: ServedModel): AskedQuestions {
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
  const asked = texts.map((text: unknown, index) => readQuestion(text, index, served));
  return { questions: asked, single: question !== undefined, probabilities };
}

function readQuestion(text: unknown, index: number, { model, problem }: ServedModel): string {
  const fields = { index };
  if (typeof text !== "string" || text.length > MAX_QUESTION_CHARACTERS) {
    throw new Refusal(
      400,
      `Cannot answer: a question must be a string of at most ${MAX_QUESTION_CHARACTERS} characters`,
      { fields },
    );
  }
  try {
    const { question } = problem.readQuestion(text);
    checkQuestion(model, question);
    return question;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    throw new Refusal(400, error.message, { fields });
  }
}

async function answerAll(model: Model, asked: AskedQuestions): Promise<Answer> {
  const { questions, single, probabilities } = asked;
  const predictions = await predict(model, questions, { probabilities });
  const columns = probabilities ? { symbols: model.config.target.symbols } : {};
  return answerJson(
    single ? { ...predictions[0], ...columns } : { answers: predictions, ...columns },
  );
}
