/** Shows a run by its files: a run that has ended, or that another process trains. @module */
import type { Clock } from "../time/clock.ts";
import { encodeCheckpoint } from "../checkpoint/checkpoint.ts";
import { type CheckpointHead, readCheckpointHead } from "../checkpoint/checkpoint_head.ts";
import type { CheckpointChoice } from "../checkpoint/read_run.ts";
import { describeSystemError } from "../checkpoint/system_error.ts";
import type { Device } from "../device/executor.ts";
import { answerQuestion, listAnswers } from "./ask_model.ts";
import { recordCheckpoint } from "./checkpoint_news.ts";
import { createLogTail, type LogState } from "./log_tail.ts";
import { createRunHistory, type RunHistory } from "./run_news.ts";
import { openRunWeights, type RunWeights } from "./run_weights.ts";
import type { WatchedRun } from "./watched_run.ts";

/** How to follow a run. */
export interface FollowOptions {
  /** The device that answers questions. */
  readonly device: Device;
  /** Milliseconds between two looks at the files. Default 500. */
  readonly pollMs?: number;
  /** Default: the platform's monotonic clock. */
  readonly now?: Clock;
  /** Which checkpoint answers questions. Default `latest`. */
  readonly weights?: CheckpointChoice;
  /** Called for every newer checkpoint and every log that could not be used, with the reason. */
  readonly onSkipped?: (reason: string) => void;
  /** Called when the directory cannot be read, once for each reason. The run stays as it was shown last. */
  readonly onError?: (error: unknown) => void;
}

/** A run that is followed until this is disposed of. It holds a model: declare it with `await using`. */
export interface FollowedRun extends WatchedRun, AsyncDisposable {}

/** A training run is `silent` when nothing was added to its log for so many milliseconds. */
const SILENT_MS = 10_000;
/** Milliseconds that a new run in the directory has to begin its log. */
const LOG_WAIT_MS = 2_000;

/**
 * Follows the run in a directory. Needs permission to read the directory. The history comes from the log, or from the checkpoint
 * if the log is missing or damaged. If another run takes the place of this one, the other run is followed.
 *
 * @throws {Error} if the directory holds no checkpoint that can be read, with the reason
 */
export async function followRun(path: string, options: FollowOptions): Promise<FollowedRun> {
  const { device, weights: choice = "latest", pollMs = 500, now = () => performance.now() } =
    options;
  const { onError = () => {}, onSkipped = () => {} } = options;
  const news = createRunHistory(path, now);
  const weights = openRunWeights(path, { device, choice, onSkipped });
  const look = createLook({ path, news, weights, now, onSkipped });
  try {
    await weights.use(() => Promise.resolve()); // fails if there is none
    await look("past");
  } catch (error) {
    await weights[Symbol.asyncDispose]();
    throw error;
  }
  news.suspectSilence(); // until its log grows
  const looking = startLooking(look, { path, pollMs, now, news, onError });
  return {
    path,
    news,
    ask: (question) =>
      weights.use(async ({ model, checkpoint: { problem, progress } }) =>
        await answerQuestion({ model, problem, step: progress.step }, question)
      ),
    answers: () =>
      weights.use(async ({ checkpoint: { progress }, split, answers }) =>
        listAnswers(await split(), await answers(), progress.step)
      ),
    readModel: () =>
      weights.use(({ checkpoint }) => encodeCheckpoint({ ...checkpoint, moments: [] })),
    async [Symbol.asyncDispose](): Promise<void> {
      await looking[Symbol.asyncDispose]();
      await weights[Symbol.asyncDispose]();
    },
  };
}

/** Looks at the directory again and again. An error does not end this: its cause may go away. */
function startLooking(
  look: () => Promise<boolean>,
  { path, pollMs, now, news, onError }:
    & Required<Pick<FollowOptions, "pollMs" | "now" | "onError">>
    & { readonly path: string; readonly news: RunHistory },
): AsyncDisposable {
  let heardAt = now();
  let underWay: Promise<void> | undefined;
  let problem = "";
  function describeError(error: unknown): Error {
    const why = describeSystemError(error);
    return new Error(`Cannot read the run "${path}": ${why}`, { cause: error });
  }
  async function lookOnce(): Promise<void> {
    try {
      if (await look()) heardAt = now();
      else if (now() - heardAt > SILENT_MS) news.suspectSilence();
      problem = "";
    } catch (error) {
      const isNew = problem !== String(error);
      problem = String(error);
      if (isNew) onError(describeError(error));
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

/** What the history shows now. */
type Shown =
  | { readonly by: "nothing"; readonly since: number }
  | { readonly by: "log"; readonly runId: string | null }
  | { readonly by: "checkpoint"; readonly sha256: string | undefined };

/**
 * Makes a function that updates the history from the files, and says whether anything was new.
 *
 * The latest checkpoint decides which run the directory holds: a training that overwrites a run replaces this file first and the
 * log later. In between the log is missing, or is that of the old run. Then the history is empty for a moment.
 */
function createLook(
  { path, news, weights, now, onSkipped }:
    & Required<Pick<FollowOptions, "now" | "onSkipped">>
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
      onSkipped(error.message);
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

  /** Says whether the history shows the run of this checkpoint already. */
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
