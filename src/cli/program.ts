/** How this program is called: right from any working directory. @module */
import { quoteWord } from "./shell.ts";

const PACKAGE = "@carry/seq2seq";

/** The words of a shell that run this program from the working directory. */
export function nameProgram(): string {
  return describeProgramAt(new URL("../../cli.ts", import.meta.url), readWorkingDirectory());
}

/**
 * Writes the words that run a program.
 *
 * @param script where `cli.ts` is: a file, or an address
 * @param folder the working directory, if it is known
 */
export function describeProgramAt(script: URL, folder: string | undefined): string {
  if (script.protocol !== "file:") {
    const isPublished = script.hostname === "jsr.io" && script.pathname.startsWith(`/${PACKAGE}/`);
    return `deno run -A ${isPublished ? `jsr:${PACKAGE}/cli` : quoteWord(script.href)}`;
  }
  const path = decodeURIComponent(script.pathname).replace(/^\/(?=[A-Za-z]:\/)/, "");
  const shown = folder === undefined
    ? path
    : findRelativePath(path, folder.replaceAll("\\", "/")) ?? path;
  return `deno run -A ${quoteWord(shown)}`;
}

/** The path from a folder above the file, or from one within the file's folder; others have none that is shorter. */
function findRelativePath(path: string, folder: string): string | undefined {
  const base = folder.endsWith("/") ? folder : `${folder}/`;
  const [, home, name] = /^(.*\/)([^/]*)$/.exec(path)!;
  if (path.startsWith(base)) {
    const rest = path.slice(base.length);
    return rest.startsWith("-") ? `./${rest}` : rest;
  }
  if (!base.startsWith(home!)) return undefined;
  return "../".repeat(base.slice(home!.length).split("/").length - 1) + name;
}

function readWorkingDirectory(): string | undefined {
  try {
    return Deno.cwd();
  } catch {
    return undefined; // it was deleted
  }
}
