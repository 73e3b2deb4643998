/**
 * The names of event files: `events.out.tfevents.SECONDS.RUN.carry`. TensorBoard reads the files of a folder in the order of their names,
 * so the time comes first, and always has ten digits. RUN is the identity of the run, which no other run has, even one of the same name.
 *
 * @module
 */

/** What the name of a file says. */
export interface EventFileName {
  /** Seconds since 1970 began. */
  readonly seconds: number;
  /** Identity of the run. */
  readonly runId: string;
}

const NAME = /^events\.out\.tfevents\.(\d{10})\.(.+)\.carry$/;
/** What makes a file one that TensorBoard reads. */
const MARK = "tfevents";
const MAX_SECONDS = 9_999_999_999;

/** Says whether TensorBoard reads a file of that name, whoever wrote it. */
export function isEventFileName(name: string): boolean {
  return name.includes(MARK);
}

/** Reads the name of a file; undefined if Carry's command line did not write it. */
export function readEventFileName(path: string): EventFileName | undefined {
  const parts = NAME.exec(path.slice(path.lastIndexOf("/") + 1));
  return parts === null ? undefined : { seconds: Number(parts[1]), runId: parts[2]! };
}

/**
 * Names a new file of a run by the time, and so that it comes after the earlier ones of its folder.
 *
 * @param earlier paths of files that the command line wrote
 * @throws {Error} if no name comes after an earlier one
 */
export function nextEventFileName(runId: string, earlier: readonly string[]): string {
  let seconds = Math.floor(Date.now() / 1000);
  for (const path of earlier) {
    const { seconds: before } = readEventFileName(path)!;
    if (before >= MAX_SECONDS) {
      throw new Error(
        `the name of "${path}" has the latest time that there is, so no file can come after it; give it an earlier time, or name another directory`,
      );
    }
    seconds = Math.max(seconds, before + 1);
  }
  return `events.out.tfevents.${String(seconds).padStart(10, "0")}.${runId}.carry`;
}
