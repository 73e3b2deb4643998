/**
 * The log of a run: `events.jsonl`, one line of JSON for each event that training reported.
 *
 * The log is for looking at; a run is resumed from its checkpoints. So the log is appended to and not synced. It is written
 * before a checkpoint is saved, so after a kill it has every event up to the checkpoint. When the run is resumed, later events
 * are cut off.
 *
 * @module
 */
import { checkValue } from "../arguments/resolve_options.ts";
import type { Clock } from "../time/clock.ts";
import { EPOCH_FIGURES } from "../training/metrics.ts";
import type { TrainingProgress } from "../training/progress.ts";
import { MAX_LINE_CHARACTERS } from "./limits.ts";
import { stepsPerLine } from "./logged_steps.ts";
import { parseEvent } from "./parse_event.ts";
import { readLines } from "./read_lines.ts";
import { EVENT_RULES, type RunEvent } from "./run_events.ts";
import type { RunDirectory } from "./run_files.ts";
import { EVENT_LOG } from "./run_names.ts";
import { NotAFileError, openToRead } from "./file_system.ts";
import { replaceFile } from "./files.ts";
import { describeSystemError } from "./system_error.ts";

/** A log that is being written. */
export interface EventLog extends Disposable {
  /** Adds an event. If more events come, it is in the file after a second at the latest. */
  append(event: RunEvent): Promise<void>;
  /** Writes the events that are not in the file yet. */
  flush(): Promise<void>;
}

/** A log that was opened, and its events. */
export interface OpenedLog {
  readonly log: EventLog;
  /** The events before the position that training continues from. */
  readonly events: readonly RunEvent[];
  /** Why lines before that position were cut off too; undefined if none were. */
  readonly damage: string | undefined;
}

/** Longest time that an event waits to be written, in milliseconds. */
const WAIT_MS = 1000;
/** Lines in one write. */
const LINES_A_CHUNK = 1000;

/**
 * Opens the log of a run to continue from a position. Later events are cut off.
 *
 * @throws {Error} if the log cannot be written, with the reason; the methods of the log throw the same
 */
export async function openEventLog(
  run: RunDirectory,
  progress: TrainingProgress,
  now: Clock,
): Promise<OpenedLog> {
  const path = eventLogPath(run.path);
  const { events, damage } = await readLogUntil(path, progress, run.runId);
  const file = await attemptToWrite(run.path, async () => {
    const { fileSystem } = run;
    await replaceFile(path, formatChunks(events), { fileSystem }); // a new file, even if there was a link
    return await Deno.open(path, { append: true });
  });
  return { log: createLog(file, run.path, now), events, damage };
}

/** Explains an error of the operating system in a sentence. A missing permission is thrown as it is. */
async function attemptToWrite<T>(run: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(
      `Cannot write to the run "${run}", whose log of events must be writable and have room: ${
        describeSystemError(error)
      }`,
      { cause: error },
    );
  }
}

/** Gives the path of a run's log. */
export function eventLogPath(run: string): string {
  return `${run}/${EVENT_LOG}`;
}

function createLog(file: Deno.FsFile, run: string, now: Clock): EventLog {
  const encoder = new TextEncoder();
  let waiting = "";
  let writtenAt = now();
  const flush = async (): Promise<void> => {
    let bytes = encoder.encode(waiting);
    waiting = "";
    writtenAt = now();
    await attemptToWrite(run, async () => {
      while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
    });
  };
  return {
    async append(event): Promise<void> {
      waiting += formatLine(event);
      if (now() - writtenAt >= WAIT_MS) await flush();
    },
    flush,
    [Symbol.dispose]: () => file.close(),
  };
}

/** @throws {TypeError | RangeError} if the event could not be read again */
function formatLine(event: RunEvent): string {
  checkValue(`log a "${event.event}" event`, "the event", event, EVENT_RULES[event.event]);
  const line = JSON.stringify(event);
  if (line.length <= MAX_LINE_CHARACTERS) return line + "\n";
  throw new RangeError(
    `Cannot log a "${event.event}" event: its line must have at most ${MAX_LINE_CHARACTERS} characters, but would have ${line.length}`,
  );
}

/** Encodes the log in chunks, because a long log does not fit into one string. */
function* formatChunks(events: readonly RunEvent[]): Generator<Uint8Array, void> {
  const encoder = new TextEncoder();
  for (let start = 0; start < events.length; start += LINES_A_CHUNK) {
    const chunk = events.slice(start, start + LINES_A_CHUNK);
    yield encoder.encode(chunk.map(formatLine).join(""));
  }
}

/** Reads the events up to a position. A last line that a kill cut short is not damage. */
async function readLogUntil(
  path: string,
  progress: TrainingProgress,
  runId: string,
): Promise<Pick<OpenedLog, "events" | "damage">> {
  const events: RunEvent[] = [];
  if (progress.step === 0) return { events, damage: undefined };
  try {
    using opened = await openToRead(path);
    for await (const line of readLines(opened.file.readable, path)) {
      const event = parseEvent(line);
      if (isOfAnotherRun(event, progress, runId)) {
        return { events: [], damage: `${path}: it belongs to another run` };
      }
      if (isAfter(event, progress)) break;
      events.push(event);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { events, damage: undefined }; // a run of the library has no log
    if (error instanceof NotAFileError) return { events, damage: error.message };
    if (!(error instanceof SyntaxError)) throw error;
    if (!reaches(events, progress.step)) {
      const damage = `${path} from line ${events.length + 1} on: ${error.message}`;
      return { events, damage };
    }
  }
  return { events, damage: undefined };
}

/** Compares the identity of the run. If the log was begun before runs had one, compares the figures of the epochs. */
function isOfAnotherRun(event: RunEvent, { history }: TrainingProgress, runId: string): boolean {
  if (event.event === "start") return event.runId !== null && event.runId !== runId;
  if (event.event !== "epoch") return false;
  const metrics = history[event.epoch - 1];
  return metrics !== undefined && EPOCH_FIGURES.some((figure) => metrics[figure] !== event[figure]);
}

/** Says whether no step up to this one is missing. */
function reaches(events: readonly RunEvent[], step: number): boolean {
  const last = events.findLast((event) => event.event === "step");
  return last !== undefined && last.step + stepsPerLine(last.steps) > step;
}

function isAfter(event: RunEvent, { step, history }: TrainingProgress): boolean {
  if (event.event === "step") return event.step > step;
  if (event.event === "start" || event.event === "end") return false;
  return event.epoch > history.length;
}
