/** Records the events of a training, in the log of its run and for its page. @module */
import type { Clock } from "../time/clock.ts";
import { openEventLog } from "../checkpoint/event_log.ts";
import { isLogged } from "../checkpoint/logged_steps.ts";
import type { RunEvent } from "../checkpoint/run_events.ts";
import type { RunDirectory } from "../checkpoint/run_files.ts";
import type { RunHistory } from "../dashboard/run_news.ts";
import type { TrainingProgress } from "../training/progress.ts";

/** Records what a training reports. */
export interface RunRecord extends Disposable {
  /** Why a part of an earlier log was cut off; undefined if none was. */
  readonly damage: string | undefined;
  /** Records an event. */
  record(event: RunEvent): Promise<void>;
  /** Writes the log to its file. Call it before a checkpoint is saved, so that the log has all events before the checkpoint. */
  flush(): Promise<void>;
}

/**
 * Opens the record of a training that begins or continues. Events of the log after the position of the training are cut off, so
 * open it when nothing else can fail.
 *
 * @param news gets the earlier events of the log
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
