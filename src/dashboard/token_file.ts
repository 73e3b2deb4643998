/** The token of a run, kept beside it so that a page that is open goes on after the server restarts. @module */
import { createToken, isToken } from "./token.ts";

/** Name in the directory of the run. */
const TOKEN_FILE = "dashboard-token";
/** More than any token has. */
const MOST_BYTES = 64;

/**
 * Reads the token of a run, or makes one that its user alone can read. A link, a file that others can read or change,
 * and anything that is no token is replaced.
 *
 * @returns the token; one for this process alone where the directory cannot be written
 */
export async function keepToken(run: string): Promise<string> {
  const path = `${run}/${TOKEN_FILE}`;
  const token = createToken();
  try {
    return await readToken(path) ?? await writeToken(path, token);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return await readToken(path) ?? token; // another process was faster
    if (isRefused(error)) return token;
    throw error;
  }
}

async function readToken(path: string): Promise<string | undefined> {
  const entry = await Deno.lstat(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (entry === undefined) return undefined;
  const isPrivate = entry.mode === null || (entry.mode & 0o077) === 0;
  if (entry.isFile && isPrivate && entry.size <= MOST_BYTES) {
    const text = (await Deno.readTextFile(path)).trim();
    if (isToken(text)) return text;
  }
  await Deno.remove(path);
  return undefined;
}

/** Whoever finds the file finds all of it: it gets its name when it is written. */
async function writeToken(path: string, token: string): Promise<string> {
  const temporary = `${path}-${createToken()}`;
  try {
    await Deno.writeTextFile(temporary, `${token}\n`, { createNew: true, mode: 0o600 });
    await Deno.link(temporary, path); // unlike a renaming, this replaces nothing
  } finally {
    await Deno.remove(temporary).catch(() => {}); // it may not have been made
  }
  return token;
}

/** The directory is read-only, full, gone, or not permitted. */
function isRefused(error: unknown): boolean {
  return Object.values(Deno.errors).some((PlatformError) => error instanceof PlatformError) ||
    (error instanceof Error && "code" in error);
}
