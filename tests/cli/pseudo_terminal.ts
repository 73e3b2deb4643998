/** A command line on a terminal of its own, by util-linux's `script`. @module */
import { canRun } from "../permissions.ts";

/** Whether a test can have a terminal. */
export const hasPseudoTerminal: boolean = canRun && await findScript();

/** How to run it. */
export interface TerminalCall {
  readonly cwd: string;
  readonly columns: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program; gives all that its terminal got, from standard output and standard error. */
export async function runOnTerminal(
  words: readonly string[],
  { cwd, columns, env = {} }: TerminalCall,
): Promise<string> {
  const program = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const { stdout } = await new Deno.Command("script", {
    args: ["-qec", `stty cols ${columns} rows 24; exec ${program}`, "/dev/null"],
    cwd,
    env: { SHELL: "/bin/sh", ...env },
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout).replaceAll("\r\n", "\n");
}

async function findScript(): Promise<boolean> {
  try {
    const { stdout } = await new Deno.Command("script", { args: ["--version"] }).output();
    return new TextDecoder().decode(stdout).includes("util-linux");
  } catch {
    return false;
  }
}
