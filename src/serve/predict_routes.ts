/** The routes of `serve`: another program sends questions as JSON, and gets answers as JSON. @module */
import { predict } from "../model/predict.ts";
import { type Answer, answerJson } from "./answer.ts";
import { type AskedQuestions, readAsked } from "./read_asked.ts";
import type { Route } from "./routes.ts";
import type { ServedModel } from "./served_model.ts";
import { createWorkQueue } from "./work_queue.ts";

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
        return enqueue(() => answerAll(served, asked));
      },
    }],
    ["/health", {
      method: "GET",
      access: "open",
      answer: () => answerJson({ status: "ok", ...served.health }),
    }],
  ];
}

async function answerAll(
  { model, memory }: ServedModel,
  asked: AskedQuestions,
): Promise<Answer> {
  const { questions, single, options } = asked;
  const predictions = await predict(model, questions, { ...options, ...(memory && { memory }) });
  const columns = options.probabilities ? { symbols: model.config.target.symbols } : {};
  return answerJson(
    single ? { ...predictions[0], ...columns } : { answers: predictions, ...columns },
  );
}
