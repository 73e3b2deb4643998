/** Writes the event file of a training, in its folder under `--tensorboard`. @module */
import { writeAll } from "../checkpoint/files.ts";
import type { RunDirectory } from "../checkpoint/run_files.ts";
import { describeSystemError } from "../checkpoint/system_error.ts";
import {
  createTrainingLog,
  type TrainingLog,
  type TrainingLogOptions,
} from "../interop/tensorboard/training_log.ts";
import type { Clock } from "../time/clock.ts";
import type { TrainingEvent } from "../training/events.ts";
import type { Training } from "../training/training.ts";
import { openEventFolder } from "./event_folder.ts";
import type { EventFilesRequest } from "./tensorboard_option.ts";
import { printError } from "./terminal.ts";

/** The event file of a training. Disposing of it closes it; if the training did not begin, the file is removed. */
export interface EventFile extends AsyncDisposable {
  /** Notes that the training has begun, and writes what it begins with. */
  begin(): Promise<void>;
  /** Adds an event. It is in the file after two seconds at the latest if more events come, and after every epoch. */
  record(event: TrainingEvent): Promise<void>;
  /** Writes what is not in the file yet. */
  flush(): Promise<void>;
  /** Notes that the training has failed. */
  fail(): Promise<void>;
}

/** What is written, and where. */
export interface EventFileOptions extends Pick<TrainingLogOptions, "problem"> {
  /** Where files are written; undefined for no file. */
  readonly request: EventFilesRequest | undefined;
  /** The run. What it replaces must still be in its directory. */
  readonly run: Pick<RunDirectory, "path" | "runId">;
  /** A clock that is never set back. */
  readonly now: Clock;
}

/** Longest time that an event waits to be written, in milliseconds. */
const WAIT_MS = 2000;

/** What is used if no file is written. */
const NO_FILE: EventFile = {
  begin: () => Promise.resolve(),
  record: () => Promise.resolve(),
  flush: () => Promise.resolve(),
  fail: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/**
 * Makes the event file of a training. If a later write fails, that is said once, and the training goes on without it.
 *
 * @throws {Error} if the file cannot be made, with the reason
 */
export async function openEventFile(
  training: Training,
  { request, run, problem, now }: EventFileOptions,
): Promise<EventFile> {
  if (request === undefined) return NO_FILE;
  const folder = await openEventFolder(request, run);
  const log = createTrainingLog(training, {
    ...{ now: () => Date.now(), continues: folder.continues },
    ...(problem !== undefined && { problem }),
  });
  const { file, path } = folder;
  const writer = createWriter(file, path, now);
  let begun = false;
  return {
    ...useLog(log, writer),
    async begin(): Promise<void> {
      begun = true;
      await folder.keep();
      writer.add(log.begin());
      await writer.flush();
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await writer.flush();
      file.close();
      if (!begun) await folder.remove();
    },
  };
}

function useLog(log: TrainingLog, writer: Writer): Pick<EventFile, "record" | "flush" | "fail"> {
  return {
    async record(event): Promise<void> {
      writer.add(log.encode(event));
      const closes = event.event !== "step" && event.event !== "answers";
      if (closes || writer.isDue()) await writer.flush();
    },
    flush: () => writer.flush(),
    async fail(): Promise<void> {
      writer.add(log.fail());
      await writer.flush();
    },
  };
}

/** Collects records and writes them together. */
interface Writer {
  add(bytes: Uint8Array): void;
  isDue(): boolean;
  flush(): Promise<void>;
}

/** After a write that failed nothing more is written: what follows a part of a record cannot be read. */
function createWriter(file: Deno.FsFile, path: string, now: Clock): Writer {
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let writtenAt = now();
  let failed = false;
  return {
    add(bytes): void {
      if (!failed && bytes.length > 0) waiting.push(new Uint8Array(bytes));
    },
    isDue: () => now() - writtenAt >= WAIT_MS,
    async flush(): Promise<void> {
      const bytes = await new Blob(waiting).bytes();
      waiting = [];
      writtenAt = now();
      if (failed || bytes.length === 0) return;
      try {
        await writeAll(file, bytes);
      } catch (error) {
        failed = true;
        const reason = describeSystemError(error);
        printError(`Cannot write to "${path}": ${reason}; the training goes on without this file`);
      }
    },
  };
}
