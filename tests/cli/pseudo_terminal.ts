/** Runs a command line in its own terminal, with util-linux's `script`. @module */
import { canRun } from "../permissions.ts";

/** Whether this machine can give a test a terminal. */
export const hasPseudoTerminal: boolean = canRun && await findScript();

/** How to run the command line. */
export interface TerminalCall {
  readonly cwd: string;
  readonly columns: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program and gives its output on the terminal, from standard output and standard error. */
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
