/** Facts about a path at which there may be nothing. @module */

/** Gives the facts about what a path leads to, through links; undefined if there is nothing. */
export function statIfThere(path: string): Promise<Deno.FileInfo | undefined> {
  return unlessMissing(Deno.stat(path));
}

/** Gives the facts about what has a name, even if that is a link; undefined if there is nothing. */
export function lstatIfThere(path: string): Promise<Deno.FileInfo | undefined> {
  return unlessMissing(Deno.lstat(path));
}

async function unlessMissing(info: Promise<Deno.FileInfo>): Promise<Deno.FileInfo | undefined> {
  try {
    return await info;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
