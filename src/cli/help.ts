/** Help texts, from the same tables that parse. @module */
import type { Command, CommandEntry } from "./command.ts";
import type { OptionSpec } from "./options.ts";

/** How the program is called in help texts. */
export const PROGRAM: string = import.meta.url.startsWith("file:")
  ? "deno run -A cli.ts"
  : "deno run -A jsr:@carry/seq2seq/cli";

/** The help of the program. */
export function describeProgram(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "Carry: a character-level sequence-to-sequence learner that learns to add",
    "",
    `Usage: ${PROGRAM} COMMAND [OPTIONS]`,
    "",
    "Commands:",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "Options:",
    "  -h, --help     show this help, or after a command that command's",
    "  -V, --version  show the version",
    "",
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 Ctrl-C, 143 SIGTERM",
  ].join("\n");
}

/** The help of a command. */
export function describeCommand({ name, summary }: CommandEntry, command: Command): string {
  const { positionals, options, examples } = command;
  const usage = [PROGRAM, name, positionals, "[OPTIONS]"].filter(Boolean).join(" ");
  const width = Math.max(...options.map((option) => describeName(option).length));
  return [
    `${summary[0]!.toUpperCase()}${summary.slice(1)}`,
    "",
    `Usage: ${usage}`,
    "",
    "Options:",
    ...options.map((option) => `  ${describeName(option).padEnd(width)}  ${option.help}`),
    `  ${"-h, --help".padEnd(width)}  show this help`,
    "",
    "Examples:",
    ...examples.map((example) => `  ${PROGRAM} ${example}`),
  ].join("\n");
}

function describeName({ name, value, negatable }: OptionSpec): string {
  if (negatable) return `--no-${name}`;
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}
