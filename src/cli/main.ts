/** Runs the command that was typed, and prints its errors. @module */
import { suggest } from "../arguments/suggest.ts";
import { describeSystemError, systemErrorPath } from "../checkpoint/system_error.ts";
import type { CommandEntry } from "./command.ts";
import { describeCommand, describeProgram } from "./help.ts";
import { describeMissingPermission } from "./missing_permission.ts";
import { parseOptions } from "./options.ts";
import { lineColumns, print, printError, printText } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/** The commands. Each is loaded when it is needed, so that `predict` does not load the training. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "train",
    summary: "train a model and save it as a run that can be resumed",
    load: async () => (await import("./train_command.ts")).TRAIN_COMMAND,
  },
  {
    name: "check",
    summary: "say what a file of pairs contains, before a training",
    load: async () => (await import("./check_command.ts")).CHECK_COMMAND,
  },
  {
    name: "predict",
    summary: "ask a trained model questions",
    load: async () => (await import("./predict_command.ts")).PREDICT_COMMAND,
  },
  {
    name: "serve",
    summary: "answer requests of other programs on this machine over HTTP",
    load: async () => (await import("./serve_command.ts")).SERVE_COMMAND,
  },
  {
    name: "dashboard",
    summary: "serve a page that shows runs in the browser",
    load: async () => (await import("./dashboard_command.ts")).DASHBOARD_COMMAND,
  },
  {
    name: "playground",
    summary: "serve a page that trains in the browser",
    load: async () => (await import("./playground_command.ts")).PLAYGROUND_COMMAND,
  },
  {
    name: "evaluate",
    summary: "measure how well a run answers, and where it fails",
    load: async () => (await import("./evaluate_command.ts")).EVALUATE_COMMAND,
  },
  {
    name: "generate",
    summary: "write questions and answers as TSV or JSON lines",
    load: async () => (await import("./generate_command.ts")).GENERATE_COMMAND,
  },
  {
    name: "summary",
    summary: "print a model's layers, shapes and numbers of parameters",
    load: async () => (await import("./summary_command.ts")).SUMMARY_COMMAND,
  },
  {
    name: "plot",
    summary:
      "draw a model, the learning curves of runs, or the attention of an answer, as SVG or PNG",
    load: async () => (await import("./plot_command.ts")).PLOT_COMMAND,
  },
  {
    name: "export",
    summary: "write a run as an HTML page, or for Keras, TensorFlow.js and ONNX; or the playground",
    load: async () => (await import("./export_command.ts")).EXPORT_COMMAND,
  },
  {
    name: "import",
    summary: "make a run of a model of Keras or TensorFlow.js",
    load: async () => (await import("./import_command.ts")).IMPORT_COMMAND,
  },
  {
    name: "notebook",
    summary:
      "write a notebook for Jupyter and Deno's kernel, ./carry.ipynb unless another name is given",
    load: async () => (await import("./notebook_command.ts")).NOTEBOOK_COMMAND,
  },
  {
    name: "runs",
    summary: "list or delete runs",
    load: async () => (await import("./runs_command.ts")).RUNS_COMMAND,
  },
  {
    name: "info",
    summary: "print versions and which backends are available, with the reason",
    load: async () => (await import("./info_command.ts")).INFO_COMMAND,
  },
];

/**
 * Runs a command line.
 *
 * @param args the arguments after the program's name
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage, 129 hang-up, 130 interrupted, 143 terminated
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    printError(describeError(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Prints an error that was not caught as one line, with control characters escaped, and ends the process with exit code 1. */
export function reportUncaughtErrors(): void {
  const report = (event: Event, error: unknown): never => {
    event.preventDefault();
    printError(describeError(error));
    Deno.exit(1);
  };
  globalThis.addEventListener("error", (event) => report(event, event.error));
  globalThis.addEventListener("unhandledrejection", (event) => report(event, event.reason));
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    for (const line of describeProgram(COMMANDS, { columns: Infinity }).split("\n")) {
      printError(line);
    }
    return 2;
  }
  if (name === "--help" || name === "-h" || name === "help") return await showHelp(rest);
  if (name === "--version" || name === "-V") {
    print(`carry ${VERSION}`);
    return 0;
  }
  const entry = findCommand(name);
  const command = await entry.load();
  if (asksForHelp(rest)) return await showHelp([name]);
  return await command.run(parseOptions(rest, command.options));
}

/** Says whether `--help` is among the options. Arguments after `--` are not options. */
function asksForHelp(args: readonly string[]): boolean {
  const options = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  return options.includes("--help") || options.includes("-h");
}

/** Prints the help of a command, or that of the program. */
async function showHelp(args: readonly string[]): Promise<number> {
  const columns = lineColumns();
  const [name, other] = args.filter((arg) => arg !== "--help" && arg !== "-h");
  if (other !== undefined) {
    throw new UsageError(`Cannot show help: it takes one command, but "${other}" is named too`);
  }
  if (name === undefined || name === "help") {
    printText(describeProgram(COMMANDS, { columns }));
    return 0;
  }
  const entry = findCommand(name);
  printText(describeCommand(entry, await entry.load(), { columns }));
  return 0;
}

function findCommand(name: string): CommandEntry {
  const entry = COMMANDS.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new UsageError(describeUnknown(name));
  return entry;
}

function describeUnknown(name: string): string {
  const kind = name.startsWith("-") ? "option" : "command";
  const names = kind === "option"
    ? ["--help", "--version"]
    : [...COMMANDS.map((command) => command.name), "help"];
  return `Unknown ${kind} "${name}"${suggest(name, names)}`;
}

/** Describes an error in one sentence. For a missing permission, the sentence says how to give it. */
function describeError(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) return describeMissingPermission(error.message);
  if (isPlatformError(error)) {
    const path = systemErrorPath(error);
    return `Cannot read or write${path === undefined ? "" : ` "${path}"`}: ${
      describeSystemError(error)
    }`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Says whether an error comes from the operating system, so that its message is a reason but not a sentence. */
function isPlatformError(error: unknown): error is Error {
  return error instanceof Error &&
    (/^[^:]+ \(os error \d+\)/.test(error.message) ||
      Object.values(Deno.errors).some((PlatformError) => error instanceof PlatformError));
}
