/** The routes of the page; protocol.ts lists them. @module */
import { type Answer, answerJson } from "../serve/answer.ts";
import { readFields } from "../serve/read_fields.ts";
import { Refusal } from "../serve/refusal.ts";
import type { Asked, Route } from "../serve/routes.ts";
import { createWorkQueue } from "../serve/work_queue.ts";
import type { EventStreams } from "./event_streams.ts";
import type { WatchedRun } from "./watched_run.ts";

/** Most requests of all pages that are computed or wait. */
const MAX_WAITING = 32;

/** Makes the routes of some runs. */
export function createDashboardRoutes(
  runs: readonly WatchedRun[],
  streams: EventStreams,
): [string, Route][] {
  const enqueue = createWorkQueue(MAX_WAITING);
  /** Answers from the weights of the run that the query names. */
  const answerOf = (work: (run: WatchedRun) => Promise<Answer>): Route => ({
    method: "GET",
    access: "token",
    answer({ query }): Promise<Answer> {
      const run = pickRun(runs, /^run=(0|[1-9]\d{0,5})$/.exec(query)?.[1]);
      return enqueue(() => work(run));
    },
  });
  return [
    ["/api/events", { method: "GET", access: "token", answer: () => openStream(streams) }],
    ["/api/ask", {
      method: "POST",
      access: "token",
      answer: (asked) => {
        const { run, question } = readAsked(runs, asked);
        return enqueue(() => ask(run, question));
      },
    }],
    ["/api/answers", answerOf(async (run) => answerJson(await run.answers()))],
    [
      "/api/model",
      answerOf(async (run) => {
        const body = await run.readModel();
        return { status: 200, type: "application/octet-stream", body };
      }),
    ],
  ];
}

function openStream(streams: EventStreams): Answer {
  if (!streams.isFull) {
    return { type: "text/event-stream", stream: (response) => streams.add(response) };
  }
  throw new Refusal(
    503,
    `Cannot send events: at most ${streams.size} pages can be open, and as many are`,
    {
      headers: { "Retry-After": "5" },
    },
  );
}

function readAsked(
  runs: readonly WatchedRun[],
  { body }: Asked,
): { run: WatchedRun; question: string } {
  const { run, question } = readFields(body, ["run", "question"]);
  if (typeof question !== "string") {
    throw new Refusal(400, "Cannot answer: question must be a string");
  }
  return { run: pickRun(runs, typeof run === "number" ? String(run) : undefined), question };
}

/** @param number of a run, as digits */
function pickRun(runs: readonly WatchedRun[], number: string | undefined): WatchedRun {
  const run = runs.find((_, i) => String(i) === number);
  if (run !== undefined) return run;
  throw new Refusal(400, `Cannot answer: run must be a number from 0 to ${runs.length - 1}`);
}

/** A mistake in the question is told to the client; any other error is not. */
async function ask(run: WatchedRun, question: string): Promise<Answer> {
  try {
    return answerJson(await run.ask(question));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) {
      throw new Refusal(400, error.message);
    }
    throw error;
  }
}
