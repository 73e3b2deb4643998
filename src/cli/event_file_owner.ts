/** Which runs the event files in a folder may be of. @module */
import { ensembleIdOf, memberRunId, readEnsemble } from "../checkpoint/ensemble_file.ts";
import { parentOf } from "../checkpoint/files.ts";
import { findRunId } from "../checkpoint/read_run.ts";
import type { RunDirectory } from "../checkpoint/run_files.ts";
import { readEventFileName } from "./event_file_name.ts";
import type { EventFilesRequest } from "./tensorboard_option.ts";

/**
 * Finds the identities of the runs whose event files may be there: of a run that is continued its own; of a new run that of the one that
 * it replaces, which is still in its directory. For a model of an ensemble they are those of ensembles.
 */
export async function findOwners(
  { use, isMember }: EventFilesRequest,
  { path, runId }: Pick<RunDirectory, "path" | "runId">,
): Promise<readonly string[]> {
  if (use === "new") return [];
  if (use === "continue") return [isMember ? ensembleIdOf(runId) : runId];
  return await findReplaced(isMember ? parentOf(path) : path);
}

/** Says whether an event file is of one of some runs, or of a model if the run is an ensemble. */
export function isEventFileOf(
  owners: readonly string[],
  { path, folder }: { readonly path: string; readonly folder: string },
): boolean {
  const runId = readEventFileName(path)?.runId;
  const parent = parentOf(path);
  if (parent === folder) return owners.some((id) => id === runId);
  const number = Number(parent.slice(parent.lastIndexOf("-") + 1));
  return owners.some((id) => memberRunId({ id }, number) === runId);
}

/** An ensemble whose file is damaged, and a run without a good checkpoint, have no identity. */
async function findReplaced(path: string): Promise<readonly string[]> {
  const ensemble = await readEnsemble(path).catch((error) => {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  });
  return [ensemble?.id, await findRunId(path)].filter((id) => id !== undefined);
}
