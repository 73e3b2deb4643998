/** Node, in the releases that the library runs in. @module */
import { canRun } from "../permissions.ts";

/**
 * Finds a release of Node on the path: `node20`, or `node` if it is that release.
 *
 * @returns its command, undefined where there is none
 */
export async function findNode(major: number): Promise<string | undefined> {
  if (!canRun) return undefined;
  for (const command of [`node${major}`, "node"]) {
    const version = await askVersion(command);
    if (version?.startsWith(`v${major}.`)) return command;
  }
  return undefined;
}

async function askVersion(command: string): Promise<string | undefined> {
  try {
    const { stdout } = await new Deno.Command(command, { args: ["--version"] }).output();
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Runs a module in Node, and gives what it prints as JSON. @throws {Error} with what it prints as an error, if it fails */
export async function runInNode(
  command: string,
  path: string,
  args: readonly string[] = [],
): Promise<unknown> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [path, ...args] })
    .output();
  const [printed, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (code !== 0 || errors !== "") throw new Error(`${command} ended with ${code}: ${errors}`);
  return JSON.parse(printed!);
}
