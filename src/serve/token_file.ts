/**
 * Tokens in files: the token of a run, which is kept in its directory so that an open page works after the server restarts, and
 * the token in a file that a user names.
 *
 * @module
 */
import { lstatIfThere } from "../checkpoint/stat_if_there.ts";
import { checkChosenToken, createToken, deriveToken, isToken } from "./token.ts";

/** Name of the file in the directory of the run. */
const TOKEN_FILE = "dashboard-token";
/** Most bytes of a file with a token or a secret, with its end of line. */
const MOST_BYTES = 300;

/**
 * Gives the token of a run, from a secret that is kept in its directory and that only its user can read.
 *
 * The token is derived from the secret and from the device and inode of its file. So a copy of the run has another token, and the
 * copy does not hold the token of the original. A secret that others can read or change is replaced. Anything else of that name
 * (a link, a file without a secret, a file of another user) is neither used nor changed.
 *
 * @returns the token; if no secret can be kept, a token for this process alone
 */
export async function keepToken(run: string): Promise<string> {
  const path = `${run}/${TOKEN_FILE}`;
  try {
    return await readSecret(path) ?? await writeSecret(path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) {
      return await readSecret(path) ?? createToken(); // another process has made the file meanwhile
    }
    if (isRefused(error)) return createToken();
    throw error;
  }
}

/** Removes the secret of a run. A file of that name without a secret stays. */
export async function removeToken(run: string): Promise<void> {
  const path = `${run}/${TOKEN_FILE}`;
  const entry = await lstatIfThere(path);
  if (!entry?.isFile || entry.size > MOST_BYTES) return;
  if (isToken((await Deno.readTextFile(path)).trim())) await Deno.remove(path);
}

/**
 * Reads a token from a file that a user names.
 *
 * @throws {RangeError} if it is not a regular file, belongs to another user, can be read by others, or holds no token
 * @throws {Error} if it cannot be read
 */
export function readTokenFile(path: string): string {
  const refuse = (why: string): never => {
    throw new RangeError(`Cannot use the token file "${path}": ${why}`);
  };
  const { isFile } = attemptToRead(path, () => Deno.statSync(path));
  if (!isFile) refuse("it must be a regular file"); // opening a pipe could wait without end
  using file = attemptToRead(path, () => Deno.openSync(path));
  const entry = file.statSync();
  const problem = describeExposure(entry);
  if (problem !== undefined) refuse(problem);
  if (entry.size > MOST_BYTES) refuse(`it must have at most ${MOST_BYTES} bytes`);
  const bytes = new Uint8Array(MOST_BYTES);
  const length = file.readSync(bytes) ?? 0;
  const text = new TextDecoder().decode(bytes.subarray(0, length));
  try {
    return checkChosenToken(text.replace(/\r?\n$/, ""));
  } catch (error) {
    return refuse((error as Error).message);
  }
}

/** Explains an error of the operating system in a sentence. A missing permission is thrown as it is. */
function attemptToRead<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : (error as Error).message;
    throw new Error(`Cannot read the token file "${path}": ${why}`, { cause: error });
  }
}

/** Says why others may know what is in a file; undefined if they cannot. */
function describeExposure(entry: Deno.FileInfo): string | undefined {
  if (isOfAnotherUser(entry)) return "it belongs to another user";
  if (isPrivate(entry)) return undefined;
  const mode = (entry.mode! & 0o777).toString(8).padStart(3, "0");
  return `only its user may be able to read it, as after "chmod 600", but its mode is ${mode}`;
}

function isPrivate({ mode }: Deno.FileInfo): boolean {
  return mode === null || (mode & 0o077) === 0;
}

/**
 * Says whether a file belongs to another user. Without the permission `--allow-sys=uid` that is not known, and the answer is no.
 * Then the mode alone decides: a file that only its user can read is readable for this process only if it is the user's, or root's.
 */
function isOfAnotherUser({ uid }: Deno.FileInfo): boolean {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return uid !== null && state === "granted" && uid !== Deno.uid();
}

async function readSecret(path: string): Promise<string | undefined> {
  const entry = await lstatIfThere(path);
  if (entry === undefined) return undefined;
  if (!entry.isFile || isOfAnotherUser(entry) || entry.size > MOST_BYTES) return createToken();
  const secret = (await Deno.readTextFile(path)).trim();
  if (!isToken(secret)) return createToken();
  if (isPrivate(entry)) return await bind(secret, entry);
  await Deno.remove(path);
  return undefined;
}

/** Writes a new secret. The file gets its name when it is complete, so that no process reads a part of it. */
async function writeSecret(path: string): Promise<string> {
  const secret = createToken();
  const temporary = `${path}-${createToken()}`;
  try {
    await Deno.writeTextFile(temporary, `${secret}\n`, { createNew: true, mode: 0o600 });
    await Deno.link(temporary, path); // unlike rename, link does not replace a file
  } finally {
    await Deno.remove(temporary).catch(() => {}); // it may not exist
  }
  return await bind(secret, await Deno.lstat(path));
}

async function bind(secret: string, { dev, ino }: Deno.FileInfo): Promise<string> {
  return await deriveToken(secret, `${dev} ${ino}`);
}

/** Says whether the directory is read-only, full, missing, or not permitted. */
function isRefused(error: unknown): boolean {
  return Object.values(Deno.errors).some((PlatformError) => error instanceof PlatformError) ||
    (error instanceof Error && "code" in error);
}
