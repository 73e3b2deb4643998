/**
 * The figures of a run: `metrics.jsonl`, one line of JSON an epoch, for other programs. Carry uses the same figures from the
 * checkpoint.
 *
 * An epoch's line is appended to the file and synced, so the time of a save does not grow with the epochs. If a power failure
 * cuts a line short, the next save writes the whole file again.
 *
 * @module
 */
import type { EpochMetrics } from "../training/metrics.ts";
import type { FileSystem } from "./file_system.ts";
import { replaceFile, writeAll } from "./files.ts";

/** Name of the file. */
export const METRICS_LOG = "metrics.jsonl";

/** Lines in one write. */
const LINES_A_CHUNK = 1000;

const encoder = new TextEncoder();

/** Brings the file up to date with a history. It does nothing if the file is up to date. */
export async function writeMetricsLog(
  path: string,
  history: readonly EpochMetrics[],
  fileSystem: FileSystem,
): Promise<void> {
  const missing = await countMissing(path, history, fileSystem);
  if (missing === 0) return;
  if (missing === 1) {
    using file = await fileSystem.openEnd(path);
    if (file !== undefined) {
      await writeAll(file, encoder.encode(formatLine(history.at(-1)!)));
      return await file.sync();
    }
  }
  await replaceFile(path, formatChunks(history), { fileSystem });
}

/**
 * Counts the lines that the file lacks at its end; undefined if the file must be written again. It compares the last line,
 * which has the number of its epoch and a training time that no other run has.
 */
async function countMissing(
  path: string,
  history: readonly EpochMetrics[],
  fileSystem: FileSystem,
): Promise<number | undefined> {
  const last = history.length === 0 ? "" : formatLine(history.at(-1)!);
  const before = history.length < 2 ? "" : formatLine(history.at(-2)!);
  try {
    using file = await fileSystem.openFile(path);
    const length = Math.min(file.sizeBytes, 1 + Math.max(last.length, before.length));
    const end = new TextDecoder().decode(await file.read(file.sizeBytes - length, length));
    if (endsWithLine(end, last, file.sizeBytes)) return 0; // fault point: log is complete
    return history.length > 0 && endsWithLine(end, before, file.sizeBytes) ? 1 : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined; // it does not exist or is not a file: it is written again
  }
}

/** Says whether the last line of a file is this one. An empty line means an empty file. */
function endsWithLine(end: string, line: string, sizeBytes: number): boolean {
  if (line === "" || sizeBytes === line.length) return end === line;
  return end.endsWith("\n" + line);
}

/** Formats a line. Names and numbers are ASCII, so its characters are its bytes. */
function formatLine(metrics: EpochMetrics): string {
  return JSON.stringify(metrics) + "\n";
}

function* formatChunks(history: readonly EpochMetrics[]): Generator<Uint8Array, void> {
  for (let start = 0; start < history.length; start += LINES_A_CHUNK) {
    yield encoder.encode(history.slice(start, start + LINES_A_CHUNK).map(formatLine).join(""));
  }
}
