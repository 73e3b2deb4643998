/** Explains how to give a missing permission of Deno. @module */
import { nameProgram } from "./program.ts";
import { quoteWord } from "./shell.ts";

/** The call from the program's own folder. Only this call finds the permission sets of `deno.json`. */
const HAS_SETS = "deno run -A cli.ts";

/**
 * Writes a sentence that says how to give a permission that is missing.
 *
 * Commands read and write several files of a folder: the sentence names the folder, so that one answer is enough. The
 * sets of `deno.json` are named only if they contain the permission.
 *
 * @param message what Deno says about the permission
 * @param program the words of a shell that run the program
 */
export function describeMissingPermission(message: string, program = nameProgram()): string {
  const flag = /--allow-[a-z]+/.exec(message)?.[0] ?? "a permission";
  const what = /access to "([^"]*)"/.exec(message)?.[1];
  if (what === undefined) return `Cannot continue without permission: something needs ${flag}`;
  const isFile = flag === "--allow-read" || flag === "--allow-write";
  const place = isFile ? findFolder(what) : what.replace(/^(127\.0\.0\.1):\d+$/, "$1");
  const needs = `"${what}" needs ${flag}=${quoteWord(place)}`;
  return `Cannot continue without permission: ${needs}${
    program === HAS_SETS ? adviseSet(place) : ""
  }`;
}

/** Gives the folder of a file or a run. For a run in the default directory, it is that directory. */
function findFolder(path: string): string {
  if (/^(\.\/)?checkpoints(\/|$)/.test(path)) return "./checkpoints";
  const end = path.lastIndexOf("/");
  return end < 0 ? "." : path.slice(0, end) || "/";
}

function adviseSet(place: string): string {
  if (place === "./checkpoints") {
    return "; deno run -P=train gives the permissions that the commands need there, deno run -P=dashboard those of dashboard, serve and train --dashboard";
  }
  return place === "127.0.0.1"
    ? "; deno run -P=dashboard gives this permission, and those that dashboard, serve and train --dashboard need for ./checkpoints"
    : "";
}
