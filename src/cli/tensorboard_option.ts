/** The option `--tensorboard`: the directory for event files, which is checked before anything is made. @module */
import { describeKind } from "../checkpoint/file_system.ts";
import { newTemporaryPath, parentOf } from "../checkpoint/files.ts";
import { mayRead, refuseForbiddenLink } from "../checkpoint/make_directory.ts";
import { lstatIfThere, statIfThere } from "../checkpoint/stat_if_there.ts";
import { describeSystemError } from "../checkpoint/system_error.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { requireAccess } from "./run_place.ts";

/** The option. */
export const TENSORBOARD_OPTION: OptionSpec = {
  name: "tensorboard",
  value: "DIR",
  help:
    "write event files to a folder of the run's name in DIR as the training goes on; tensorboard --logdir DIR shows them",
};

/** What a training begins with in its folder of event files. */
export type EventFolderUse = "new" | "replace" | "continue";

/** Where event files are written. */
export interface EventFilesRequest {
  /** The directory. */
  readonly directory: string;
  /**
   * `new`: no event files may be in the run's folder; `replace`: those of the run that is replaced are removed; `continue`: those of the
   * run stay. Files of another run are refused.
   */
  readonly use: EventFolderUse;
  /** Whether the run is a model of an ensemble, whose folder is in that of the ensemble. */
  readonly isMember: boolean;
}

/**
 * Reads the option, and checks that files can be written there; undefined if it was not typed. Nothing is left there.
 *
 * @throws {Deno.errors.NotCapable} if a permission is missing
 * @throws {Error} if files cannot be written there, with the reason
 */
export async function readTensorBoard(
  typed: TypedOptions,
): Promise<EventFilesRequest | undefined> {
  const path = typed.text("tensorboard");
  if (path === undefined) return undefined;
  const directory = path.replace(/(?<=.)\/+$/, "");
  await requireAccess(directory);
  await explainEventFiles(directory, () => rehearse(directory));
  const use = typed.flag("resume") ? "continue" : typed.flag("overwrite") ? "replace" : "new";
  return { directory, use, isMember: false };
}

/** Explains an error of the operating system in a sentence. A missing permission is thrown as it is. */
export async function explainEventFiles<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`Cannot write event files to "${path}": ${describeSystemError(error)}`, {
      cause: error,
    });
  }
}

/** Makes and removes the directory, or a file in it if it is there. */
async function rehearse(directory: string): Promise<void> {
  await refuseForbiddenLink(directory);
  const found = await statIfThere(directory);
  if (found === undefined) {
    const link = await lstatIfThere(directory);
    if (link !== undefined) throw new Error("it is a link that leads to nothing");
    await makeHere(directory);
    return await Deno.remove(directory);
  }
  if (!found.isDirectory) {
    throw new Error(`it must be a directory, but is ${describeKind(found)}`);
  }
  const temporary = newTemporaryPath(`${directory}/events`);
  try {
    await Deno.writeFile(temporary, new Uint8Array(1), { createNew: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error("no file can be made in it"); // such as "/proc"
  }
  await Deno.remove(temporary);
}

async function makeHere(directory: string): Promise<void> {
  try {
    await Deno.mkdir(directory);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const parent = parentOf(directory);
    const isMissing = await mayRead(parent) && await statIfThere(parent) === undefined;
    throw new Error(
      isMissing
        ? `the directory "${parent}" does not exist`
        : `no directory can be made in "${parent}"`,
    );
  }
}
