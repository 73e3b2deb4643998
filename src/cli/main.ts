/** Which command, and what becomes of its errors. @module */
import type { Command } from "./command.ts";
import { EVALUATE_COMMAND } from "./evaluate_command.ts";
import { GENERATE_COMMAND } from "./generate_command.ts";
import { describeCommand, describeProgram } from "./help.ts";
import { INFO_COMMAND } from "./info_command.ts";
import { parseOptions, suggest } from "./options.ts";
import { PLOT_COMMAND } from "./plot_command.ts";
import { PREDICT_COMMAND } from "./predict_command.ts";
import { SUMMARY_COMMAND } from "./summary_command.ts";
import { print, printError } from "./terminal.ts";
import { TRAIN_COMMAND } from "./train_command.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

const COMMANDS: readonly Command[] = [
  TRAIN_COMMAND,
  PREDICT_COMMAND,
  EVALUATE_COMMAND,
  GENERATE_COMMAND,
  SUMMARY_COMMAND,
  PLOT_COMMAND,
  INFO_COMMAND,
];

/**
 * Carries out a command line.
 *
 * @param args what follows the program's name
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted, 143 terminated
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    printError(describeError(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    printError(describeProgram(COMMANDS));
    return 2;
  }
  if (name === "--help" || name === "-h" || name === "help") {
    print(describeProgram(COMMANDS));
    return 0;
  }
  if (name === "--version" || name === "-V") {
    print(`carry ${VERSION}`);
    return 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) throw new UsageError(describeUnknown(name));
  if (rest.includes("--help") || rest.includes("-h")) {
    print(describeCommand(command));
    return 0;
  }
  return await command.run(parseOptions(rest, command.options));
}

function describeUnknown(name: string): string {
  const kind = name.startsWith("-") ? "option" : "command";
  const names = kind === "option"
    ? ["--help", "--version"]
    : COMMANDS.map((command) => command.name);
  return `Unknown ${kind} "${name}"${suggest(name, names)}`;
}

/** One sentence; a missing permission says how to give it. */
function describeError(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) {
    const permission = /--allow-[a-z]+/.exec(error.message)?.[0] ?? "a permission";
    const what = /access to "([^"]*)"/.exec(error.message)?.[1];
    return `Cannot go on without permission: ${
      what === undefined ? "something" : `"${what}"`
    } needs ${permission}${
      what === undefined ? "" : `=${what}`
    }; train has all it needs for ./checkpoints with deno run -P=train`;
  }
  if (isPlatformError(error)) return `Cannot read or write: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** Says whether the operating system refused something: its messages have a cause, but no sentence. */
function isPlatformError(error: unknown): error is Error {
  return Object.values(Deno.errors).some((PlatformError) => error instanceof PlatformError);
}
