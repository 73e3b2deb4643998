/** How a notebook imports the library. @module */
import { parentOf } from "../checkpoint/files.ts";
import { LIBRARY } from "../notebook/tour_cells.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/**
 * Finds how the code of a notebook imports the library. The published package is imported by its name and version. In a clone the kernel
 * finds the name in the clone's `deno.json`, so the notebook must be in the clone's directory or below it.
 *
 * @param file path of the notebook
 * @param script URL of `cli.ts`
 * @throws {UsageError} if the notebook could not import the library from there
 */
export async function findLibrary(
  file: string,
  script = new URL("../../cli.ts", import.meta.url),
): Promise<string> {
  if (script.hostname === "jsr.io") return `jsr:${LIBRARY}@${VERSION}`;
  if (script.protocol !== "file:") {
    throw new UsageError(
      `Cannot write a notebook: the program must be the published package or a clone, but is ${script.href}`,
    );
  }
  const folder = await realPathIfThere(parentOf(file));
  if (folder === undefined) return LIBRARY; // who writes the file says that there is no such directory
  const clone = await Deno.realPath(new URL(".", script));
  if (`${folder}/`.replaceAll("\\", "/").startsWith(`${clone}/`.replaceAll("\\", "/"))) {
    return LIBRARY;
  }
  throw new UsageError(
    `Cannot write a notebook in "${folder}": its code imports the library by name, so it must be in "${clone}" or below it`,
  );
}

async function realPathIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
