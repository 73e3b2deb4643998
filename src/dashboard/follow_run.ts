/** A run of another process, or one that is over, as a run that is shown: its log is read as it grows, its weights when they are asked. @module */
import type { Clock } from "../time/pause.ts";
import { encodeCheckpoint } from "../checkpoint/checkpoint.ts";
import { type CheckpointHead, readCheckpointHead } from "../checkpoint/checkpoint_head.ts";
import type { CheckpointChoice } from "../checkpoint/read_run.ts";
import { answerQuestion, listAnswers } from "./ask_model.ts";
import { recordCheckpoint } from "./checkpoint_news.ts";
import { createLogTail, type LogState } from "./log_tail.ts";
import { createRunHistory, type RunHistory } from "./run_news.ts";
import { openRunWeights, type RunWeights } from "./run_weights.ts";
import type { WatchedRun } from "./watched_run.ts";

/** How to follow. */
export interface FollowOptions {
  /** Milliseconds between two looks at the log. Default 500. */
  readonly pollMs?: number;
  /** Default: the platform's monotonic clock. */
  readonly now?: Clock;
  /** Which checkpoint answers. Default `latest`. */
  readonly weights?: CheckpointChoice;
  /** Called for every newer checkpoint and every log that could not be used, with the reason. */
  readonly onPassedOver?: (reason: string) => void;
  /** Called when the directory cannot be read, once for the same reason; the news stay as they are until it can. */
  readonly onError?: (error: unknown) => void;
}

/** A run that is followed until this is disposed of. It holds a model: declare it with `await using`. */
export interface FollowedRun extends WatchedRun, AsyncDisposable {}

/** A log that says nothing for so long, in milliseconds, and has no end, is `silent`. */
const SILENT_MS = 10_000;
/** How long a run that is new in the directory has, in milliseconds, until its log must be there. */
const LOG_WAIT_MS = 2_000;

/**
 * Follows a run by its directory. Needs permission to read it. Of a run whose log is missing or damaged it shows what the
 * checkpoint knows. Where another run takes the place of the one that is shown, it is shown instead.
 *
 * @throws {Error} if it holds no checkpoint that can be read, with the reason
 */
export async function followRun(path: string, options: FollowOptions = {}): Promise<FollowedRun> {
  const { pollMs = 500, now = () => performance.now() } = options;
  const { onError = () => {}, onPassedOver = () => {} } = options;
  const news = createRunHistory(path, now);
  const weights = openRunWeights(path, options.weights, onPassedOver);
  const look = createLook({ path, news, weights, now, onPassedOver });
  try {
    await weights.use(() => Promise.resolve()); // fails if there is none
    await look("past");
  } catch (error) {
    await weights[Symbol.asyncDispose]();
    throw error;
  }
  news.suspectSilence(); // until it says something
  const looking = startLooking(look, { pollMs, now, news, onError });
  return {
    path,
    news,
    ask: (question) =>
      weights.use(async ({ model, checkpoint: { problem, progress } }) =>
        await answerQuestion({ model, problem, step: progress.step }, question)
      ),
    answers: () =>
      weights.use(async ({ checkpoint: { problem, progress }, split, answers }) => {
        const about = { step: progress.step, reverse: problem.reverse };
        return listAnswers(await split(), await answers(), about);
      }),
    readModel: () =>
      weights.use(({ checkpoint }) => encodeCheckpoint({ ...checkpoint, moments: [] })),
    async [Symbol.asyncDispose](): Promise<void> {
      await looking[Symbol.asyncDispose]();
      await weights[Symbol.asyncDispose]();
    },
  };
}

/** Looks at the directory again and again, whatever goes wrong: what is wrong now may be mended later. */
function startLooking(
  look: () => Promise<boolean>,
  { pollMs, now, news, onError }: Required<Pick<FollowOptions, "pollMs" | "now" | "onError">> & {
    readonly news: RunHistory;
  },
): AsyncDisposable {
  let heardAt = now();
  let underWay: Promise<void> | undefined;
  let problem = "";
  async function lookOnce(): Promise<void> {
    try {
      if (await look()) heardAt = now();
      else if (now() - heardAt > SILENT_MS) news.suspectSilence();
      problem = "";
    } catch (error) {
      const isNew = problem !== String(error);
      problem = String(error);
      if (isNew) onError(error);
    } finally {
      underWay = undefined;
    }
  }
  const timer = setInterval(() => underWay ??= lookOnce(), pollMs);
  return {
    async [Symbol.asyncDispose](): Promise<void> {
      clearInterval(timer);
      await underWay;
    },
  };
}

/** What is shown, by its content. */
type Shown =
  | { readonly by: "nothing"; readonly since: number }
  | { readonly by: "log"; readonly runId: string | null }
  | { readonly by: "checkpoint"; readonly sha256: string | undefined };

/**
 * Makes a function that brings the news up to what the directory holds, and says whether anything was new.
 *
 * The latest checkpoint says which run the directory holds: a training that overwrites a run replaces it first, and the log after
 * it. In between, the log is that of another run, or is not there yet: then the news are empty for a moment.
 */
function createLook(
  { path, news, weights, now, onPassedOver }:
    & Required<Pick<FollowOptions, "now" | "onPassedOver">>
    & { readonly path: string; readonly news: RunHistory; readonly weights: RunWeights },
): (past?: "past") => Promise<boolean> {
  const tail = createLogTail(path, news);
  let shown: Shown = { by: "nothing", since: -Infinity };

  async function readLog(
    head: CheckpointHead | undefined,
    past: "past" | undefined,
  ): Promise<LogState> {
    try {
      return await tail.read(head?.runId ?? null, past);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      onPassedOver(error.message);
      shown = { by: "nothing", since: -Infinity };
      return "damaged";
    }
  }

  async function showCheckpoint(head: CheckpointHead | undefined): Promise<void> {
    await weights.use(async (loaded) => {
      news.clear();
      await recordCheckpoint(news, path, loaded);
    });
    shown = { by: "checkpoint", sha256: head?.sha256 };
  }

  /** Says whether the news are those of this checkpoint's run, or where it is all that is known, of this checkpoint. */
  function isShown({ runId, sha256 }: CheckpointHead): boolean {
    if (shown.by === "log") return shown.runId === runId;
    return shown.by === "checkpoint" && shown.sha256 === sha256;
  }

  return async (past) => {
    const head = await readCheckpointHead(`${path}/latest.safetensors`);
    const state = await readLog(head, past);
    if (state === "read" || state === "same") {
      shown = { by: "log", runId: tail.runId };
      return state === "read";
    }
    if (past !== undefined) {
      await showCheckpoint(head);
      return true;
    }
    if (head === undefined || isShown(head)) return false;
    if (shown.by === "log") {
      news.clear();
      shown = { by: "nothing", since: now() };
    }
    if (shown.by === "nothing" && now() - shown.since < LOG_WAIT_MS) return false;
    await showCheckpoint(head);
    return true;
  };
}
