/** The folder of a run under `--tensorboard`, and a new file in it. @module */
import { parentOf } from "../checkpoint/files.ts";
import { type EventFilesRequest, explainEventFiles } from "./tensorboard_option.ts";

/** A folder with a new file that is open. */
export interface EventFolder {
  /** Path of the file. */
  readonly path: string;
  /** The file. */
  readonly file: Deno.FsFile;
  /** Whether earlier files stay in the folder. */
  readonly continues: boolean;
  /** Removes the files that the new one replaces. */
  keep(): Promise<void>;
  /** Removes the file, and the folders that were made for it. */
  remove(): Promise<void>;
}

/** The name of a file. TensorBoard reads those of a folder in the order of their names, so it has the seconds since 1970. */
const EVENT_FILE = /\/events\.out\.tfevents\.(\d{10})\.carry$/;
/** What makes a file one that TensorBoard reads. */
const MARK = "tfevents";
const MEMBER = /^member-\d+$/;

/**
 * Makes the folder, if it is not there, and a file in it.
 *
 * @throws {Error} if it cannot, with the reason, or a new run's folder has event files already
 */
export async function openEventFolder(
  { directory, use, isMember }: EventFilesRequest,
  run: string,
): Promise<EventFolder> {
  const folder = `${directory}/${await nameRun(run, isMember)}`;
  const ofRun = isMember ? parentOf(folder) : folder;
  return await explainEventFiles(folder, async () => {
    const earlier = await findEventFiles(ofRun);
    if (use === "new" && earlier.length > 0) {
      throw new Error(
        `"${
          earlier[0]
        }" is there already, of another training; remove it, or name another directory`,
      );
    }
    const made = await makeFolders(isMember ? [directory, ofRun, folder] : [directory, folder]);
    try {
      const own = earlier.filter((path) => parentOf(path) === folder);
      const path = `${folder}/${nextName(own)}`;
      const file = await Deno.open(path, { write: true, createNew: true });
      return {
        ...{ path, file, continues: use === "continue" && own.length > 0 },
        keep: () => use === "replace" ? removeAll(earlier.filter(isOurs)) : Promise.resolve(),
        remove: () => removeAll([path, ...made]),
      };
    } catch (error) {
      await removeAll(made);
      throw error;
    }
  });
}

/** Gives the last name of a run's path; for a model of an ensemble with that of the ensemble. */
async function nameRun(run: string, isMember: boolean): Promise<string> {
  const count = isMember ? 2 : 1;
  const names = splitPath(run);
  const isPlain = names.length >= count && !names.includes("..");
  return (isPlain ? names : splitPath(await Deno.realPath(run))).slice(-count).join("/");
}

function splitPath(path: string): string[] {
  return path.split(Deno.build.os === "windows" ? /[\\/]/ : "/")
    .filter((name) => name !== "" && name !== ".");
}

/** Gives the paths of the event files of a run, and of its models if it is an ensemble. */
async function findEventFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const { name, isDirectory } of await listFolder(folder)) {
    if (name.includes(MARK)) found.push(`${folder}/${name}`);
    if (!isDirectory || !MEMBER.test(name)) continue;
    const inside = (await listFolder(`${folder}/${name}`)).map((each) => each.name);
    found.push(
      ...inside.filter((each) => each.includes(MARK)).map((each) => `${folder}/${name}/${each}`),
    );
  }
  return found.sort();
}

async function listFolder(path: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Makes the folders that are not there, from the outermost on. @returns those that were made, the innermost first */
async function makeFolders(folders: readonly string[]): Promise<string[]> {
  const made: string[] = [];
  for (const folder of folders) {
    try {
      await Deno.mkdir(folder);
      made.unshift(folder);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      await removeAll(made);
      throw error;
    }
  }
  return made;
}

/** Names a file by the time, and so that it comes after the earlier ones. */
function nextName(earlier: readonly string[]): string {
  const newest = earlier.map((path) => Number(EVENT_FILE.exec(path)?.[1] ?? 0));
  const seconds = Math.max(Math.floor(Date.now() / 1000), ...newest.map((time) => time + 1));
  return `events.out.tfevents.${String(seconds).padStart(10, "0")}.carry`;
}

function isOurs(path: string): boolean {
  return EVENT_FILE.test(path);
}

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await Deno.remove(path).catch(() => {}); // another program may have removed or used it
}
