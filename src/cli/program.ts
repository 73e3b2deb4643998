/** The command line that runs this program from the working directory, for hints. @module */
import { quoteWord } from "./shell.ts";

const PACKAGE = "@carry/seq2seq";

/** Gives the words of a shell that run this program from the working directory. */
export function nameProgram(): string {
  return describeProgramAt(new URL("../../cli.ts", import.meta.url), readWorkingDirectory());
}

/**
 * Gives the words of a shell that run a program.
 *
 * @param script URL of `cli.ts`
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

/** Gives the relative path from a folder above the file or within the file's folder. From others it would not be shorter. */
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
