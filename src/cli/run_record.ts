/** What a training leaves behind to be looked at: the log in its directory, and the news for its page. @module */
import type { Clock } from "../time/pause.ts";
import { isLogged, openEventLog } from "../checkpoint/event_log.ts";
import type { RunEvent } from "../checkpoint/run_events.ts";
import type { RunDirectory } from "../checkpoint/run_files.ts";
import type { RunHistory } from "../dashboard/run_news.ts";
import type { TrainingProgress } from "../training/training.ts";

/** Takes down what a training reports. */
export interface RunRecord extends Disposable {
  /** Why a part of an earlier log had to be cut off, in words for people. */
  readonly damage: string | undefined;
  /** Takes an event down. */
  record(event: RunEvent): Promise<void>;
  /** Writes the log out: before a checkpoint, so that it is never behind one. */
  flush(): Promise<void>;
}

/**
 * Opens the record of a training that begins, or goes on from where it was saved. What the log says of later is cut off:
 * open it when nothing else can fail.
 *
 * @param news takes in what the log says of before
 *
 * @throws {Error} if the log cannot be written
 */
export async function openRunRecord(
  run: RunDirectory,
  progress: TrainingProgress,
  { news, now }: { readonly news: RunHistory; readonly now: Clock },
): Promise<RunRecord> {
  const { log, events, damage } = await openEventLog(run, progress, now);
  for (const event of events) news.record(event, "past");
  return {
    damage,
    async record(event): Promise<void> {
      news.record(event);
      if (event.event === "step" && !isLogged(event.step, event.steps)) return;
      await log.append(event);
    },
    flush: () => log.flush(),
    [Symbol.dispose]: () => log[Symbol.dispose](),
  };
}
