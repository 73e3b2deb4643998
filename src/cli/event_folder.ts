/** The folder of a run under `--tensorboard`, and a new file in it. @module */
import { parentOf } from "../checkpoint/files.ts";
import type { RunDirectory } from "../checkpoint/run_files.ts";
import { isEventFileName, nextEventFileName } from "./event_file_name.ts";
import { findOwners, isEventFileOf } from "./event_file_owner.ts";
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

const MEMBER = /^member-\d+$/;

/**
 * Makes the folder, if it is not there, and a file in it. Earlier files stay until `keep()` is called.
 *
 * @throws {Error} if it cannot, with the reason, or the folder has event files of another run than the one that is continued or replaced
 */
export async function openEventFolder(
  request: EventFilesRequest,
  run: Pick<RunDirectory, "path" | "runId">,
): Promise<EventFolder> {
  const { directory, use, isMember } = request;
  const folder = `${directory}/${await nameRun(run.path, isMember)}`;
  const ofRun = isMember ? parentOf(folder) : folder;
  return await explainEventFiles(folder, async () => {
    const earlier = await findEventFiles(ofRun);
    if (earlier.length > 0) refuseOthers(earlier, await findOwners(request, run), ofRun);
    const made = await makeFolders(isMember ? [directory, ofRun, folder] : [directory, folder]);
    try {
      const own = earlier.filter((path) => parentOf(path) === folder);
      const path = `${folder}/${nextEventFileName(run.runId, own)}`;
      const file = await Deno.open(path, { write: true, createNew: true });
      return {
        ...{ path, file, continues: use === "continue" && own.length > 0 },
        keep: () => use === "replace" ? removeAll(earlier) : Promise.resolve(),
        remove: () => removeAll([path, ...made]),
      };
    } catch (error) {
      await removeAll(made);
      throw error;
    }
  });
}

/** Refuses a folder with files of others: TensorBoard would show them as one training, and hide a part of the earlier one. */
function refuseOthers(paths: readonly string[], owners: readonly string[], folder: string): void {
  const other = paths.find((path) => !isEventFileOf(owners, { path, folder }));
  if (other === undefined) return;
  throw new Error(
    `"${other}" is there already, of another training; name another directory, or move it away`,
  );
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
    if (isEventFileName(name)) found.push(`${folder}/${name}`);
    if (!isDirectory || !MEMBER.test(name)) continue;
    const inside = (await listFolder(`${folder}/${name}`)).map((each) => each.name);
    for (const each of inside.filter(isEventFileName)) found.push(`${folder}/${name}/${each}`);
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

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await Deno.remove(path).catch(() => {}); // another program may have removed or used it
}
