/** A run of another process, or one that is over, as a run that is shown: its log is read as it grows, its weights when they are asked. @module */
import type { Clock } from "../time/pause.ts";
import { encodeCheckpoint } from "../checkpoint/checkpoint.ts";
import type { CheckpointChoice } from "../checkpoint/run_files.ts";
import { answerQuestion, listAnswers } from "./ask_model.ts";
import { recordCheckpoint } from "./checkpoint_news.ts";
import { createLogTail } from "./log_tail.ts";
import { createRunHistory } from "./run_news.ts";
import { openRunWeights } from "./run_weights.ts";
import type { WatchedRun } from "./watched_run.ts";

/** How to follow. */
export interface FollowOptions {
  /** Milliseconds between two looks at the log. Default 500. */
  readonly pollMs?: number;
  /** Default: the platform's monotonic clock. */
  readonly now?: Clock;
  /** Which checkpoint answers. Default `latest`. */
  readonly weights?: CheckpointChoice;
  /** Called for every newer checkpoint and every log that could not be used, with the reason in words for people. */
  readonly onPassedOver?: (reason: string) => void;
  /** Called when the log cannot be read any more; the run stays as it was shown last. */
  readonly onError?: (error: unknown) => void;
}

/** A log that says nothing for so long, in milliseconds, and has no end, is `silent`. */
const SILENT_MS = 10_000;

/**
 * Follows a run by its directory. Needs permission to read it. Of a run whose log is missing or damaged it shows what the
 * checkpoint knows.
 *
 * @throws {Error} if it holds no checkpoint that can be read, with the reason
 */
export async function followRun(path: string, options: FollowOptions = {}): Promise<WatchedRun> {
  const { pollMs = 500, now = () => performance.now() } = options;
  const { onError = () => {}, onPassedOver = () => {} } = options;
  const news = createRunHistory(path, now);
  const tail = createLogTail(path, news);
  const weights = openRunWeights(path, options.weights, onPassedOver);
  let readable = true;
  try {
    await weights.use(async (loaded) => {
      const logged = await tail.read("past").catch((error) => {
        if (!(error instanceof SyntaxError)) throw error;
        onPassedOver(error.message);
        news.clear();
        return readable = false;
      });
      if (!logged) await recordCheckpoint(news, path, loaded);
    });
  } catch (error) {
    weights[Symbol.dispose]();
    throw error;
  }
  news.suspectSilence(); // until it says something
  let heardAt = now();
  let looking = !readable;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    try {
      if (await tail.read()) heardAt = now();
      else if (now() - heardAt > SILENT_MS) news.suspectSilence();
    } catch (error) {
      clearInterval(timer);
      onError(error);
    } finally {
      looking = false;
    }
  }, pollMs);
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
    [Symbol.dispose](): void {
      clearInterval(timer);
      tail[Symbol.dispose]();
      weights[Symbol.dispose]();
    },
  };
}
