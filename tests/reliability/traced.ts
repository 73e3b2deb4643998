/** Runs processes whose system calls strace traces and makes fail. @module */
import { canRun } from "../permissions.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const PROGRAM = new URL("./save_once.ts", import.meta.url).pathname;

/** Says whether processes can be traced here. */
export async function canTrace(): Promise<boolean> {
  if (!canRun) return false;
  try {
    const args = ["-f", "-o", "/dev/null", "true"]; // strace may be installed and not be allowed to trace
    return (await new Deno.Command("strace", { args, stderr: "null" }).output()).success;
  } catch {
    return false; // strace is not installed
  }
}

/** Runs `save_once.ts` with some arguments under strace with some options. */
export function traceProgram(
  args: readonly string[],
  options: readonly string[],
): Promise<Deno.CommandOutput> {
  const deno = [Deno.execPath(), "run", "-A", "--cached-only", "--no-check", "--config", CONFIG];
  return new Deno.Command("strace", {
    args: ["-f", ...options, ...deno, PROGRAM, ...args],
    stdout: "null",
    stderr: "piped",
  }).output();
}
