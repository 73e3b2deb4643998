/** What a training leaves behind to be looked at: the log in its directory, and the news for its page. @module */
import type { Clock } from "../backend/pause.ts";
import { isLogged, openEventLog } from "../checkpoint/event_log.ts";
import type { RunEvent, StartEvent } from "../checkpoint/run_events.ts";
import type { RunDirectory } from "../checkpoint/run_files.ts";
import { createRunHistory } from "../dashboard/run_news.ts";
import type { RunNews } from "../dashboard/watched_run.ts";
import { groupAdditions, type LearnedGrouping } from "../training/learned.ts";
import type { Split } from "../dataset/split.ts";
import type { TrainingEvent } from "../training/events.ts";
import type { Training, TrainingProgress } from "../training/training.ts";
import type { FailureReason } from "./train_reporter.ts";

/** Takes down what a training reports. */
export interface RunRecord extends Disposable {
  /** For the page. */
  readonly news: RunNews;
  /** Why a part of an earlier log had to be cut off, in words for people. */
  readonly damage: string | undefined;
  /** Takes the next event down; this is the newest checkpoint. */
  record(event: TrainingEvent, checkpoint: string): Promise<void>;
  /** Takes down that training cannot go on. */
  recordFailure(
    reason: FailureReason,
    progress: TrainingProgress,
    checkpoint: string,
  ): Promise<void>;
  /** Writes the log out: before a checkpoint, so that it is never behind one. */
  flush(): Promise<void>;
}

/**
 * Opens the record of a training that begins, or goes on from where it was saved.
 *
 * @throws {Error} if the log cannot be written
 */
export async function openRunRecord(
  run: RunDirectory,
  { training, split, start }: { training: Training; split: Split; start: StartEvent },
  now: Clock = () => performance.now(),
): Promise<RunRecord> {
  const { log, events, damage } = await openEventLog(run, training.progress, now);
  const news = createRunHistory(run.path, now);
  for (const event of events) news.record(event, "past");
  let grouping: LearnedGrouping | undefined;
  const put = async (event: RunEvent): Promise<void> => {
    news.record(event);
    await log.append(event);
  };
  await put(start);
  return {
    news,
    damage,
    async record(event, checkpoint): Promise<void> {
      switch (event.event) {
        case "step":
          if (isLogged(event.step, event.steps)) return await put(event);
          return news.record(event);
        case "answers": {
          grouping ??= groupAdditions(split.validation, training.model.config);
          return await put({ event: "learned", ...grouping.measure(event.epoch, event.answers) });
        }
        case "end":
          return await put({ ...event, checkpoint });
        default:
          return await put(event);
      }
    },
    async recordFailure(reason, { history }, checkpoint): Promise<void> {
      const exactMatch = history.at(-1)?.exactMatch ?? null;
      await put({ event: "end", reason, epochs: history.length, exactMatch, checkpoint });
      await log.flush();
    },
    flush: () => log.flush(),
    [Symbol.dispose]: () => log[Symbol.dispose](),
  };
}
