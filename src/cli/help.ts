/** Help texts, from the same tables that parse. @module */
import { wrapWords } from "./columns.ts";
import type { Command, CommandEntry } from "./command.ts";
import type { OptionSpec } from "./options.ts";
import { nameProgram } from "./program.ts";

/** Where the descriptions of options begin, if there is room beside the names. */
const WIDEST_NAME = 30;
/** A description is not narrower than this beside a name: it goes below. */
const NARROWEST_TEXT = 30;

/** What a help text is laid out for. */
export interface HelpLayout {
  /** Columns that a line may take. */
  readonly columns: number;
  /** The words that run this program. Default: those that are right in the working directory. */
  readonly program?: string;
}

/** The help of the program. */
export function describeProgram(
  commands: readonly CommandEntry[],
  { columns, program = nameProgram() }: HelpLayout,
): string {
  return [
    ...wrapWords(
      "Carry: a character-level sequence-to-sequence learner that learns to add",
      columns,
    ),
    "",
    `Usage: ${program} COMMAND [OPTIONS]`,
    "",
    "Commands:",
    ...layDefinitions(commands.map(({ name, summary }) => [name, summary]), columns),
    "",
    "Options:",
    ...layDefinitions([
      ["-h, --help [COMMAND]", "show this help, or that of a command"],
      ["-V, --version", "show the version"],
    ], columns),
    "",
    ...wrapWords(
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 129 hang-up, 130 Ctrl-C, 143 SIGTERM",
      columns,
      2,
    ),
  ].join("\n");
}

/** The help of a command. */
export function describeCommand(
  { name, summary }: CommandEntry,
  command: Command,
  { columns, program = nameProgram() }: HelpLayout,
): string {
  return describeUsage({ ...command, name, summary }, { columns, program });
}

/** What is called with options: a command, or a script of its own. */
export interface Usage extends Omit<Command, "run"> {
  /** What it does. */
  readonly summary: string;
  /** What follows the program; nothing for a script of its own. */
  readonly name?: string;
}

/** The help of anything that is called with options. */
export function describeUsage(
  usage: Usage,
  { columns, program = nameProgram() }: HelpLayout,
): string {
  const { name, summary, positionals, options, examples } = usage;
  const call = [program, name, positionals, "[OPTIONS]"].filter(Boolean).join(" ");
  return [
    ...wrapWords(`${summary[0]!.toUpperCase()}${summary.slice(1)}`, columns),
    "",
    `Usage: ${call}`,
    "",
    "Options:",
    ...layDefinitions([
      ...options.map((option): [string, string] => [describeName(option), option.help]),
      ["-h, --help", "show this help"],
    ], columns),
    "",
    "Examples:",
    ...examples.map((example) =>
      `  ${program} ${example.replaceAll("PROGRAM", program)}`.trimEnd()
    ),
  ].join("\n");
}

/** Names with their descriptions beside them, or below them where there is little room. */
function layDefinitions(
  definitions: readonly (readonly [string, string])[],
  columns: number,
): string[] {
  const width = Math.min(WIDEST_NAME, Math.max(...definitions.map(([name]) => name.length)));
  const margin = 2 + width + 2;
  const isBeside = columns - margin >= NARROWEST_TEXT;
  return definitions.flatMap(([name, text]) => {
    if (!isBeside || name.length > width) {
      const indent = isBeside ? margin : 6;
      const lines = wrapWords(text, columns - indent);
      return [`  ${name}`, ...lines.map((line) => " ".repeat(indent) + line)];
    }
    const [first, ...others] = wrapWords(text, columns - margin);
    return [
      `  ${name.padEnd(width)}  ${first}`,
      ...others.map((line) => " ".repeat(margin) + line),
    ];
  });
}

function describeName({ name, value, negatable }: OptionSpec): string {
  if (negatable) return `--no-${name}`;
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}
