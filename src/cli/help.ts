/** Help texts, from the same tables that parse the options. @module */
import { wrapWords } from "../evaluation/columns.ts";
import type { Command, CommandEntry } from "./command.ts";
import type { OptionSpec } from "./options.ts";
import { nameProgram } from "./program.ts";

/** Widest name of an option with its description beside it, in columns. */
const WIDEST_NAME = 30;
/** Narrowest description beside a name, in columns. With less room, the description is below the name. */
const NARROWEST_TEXT = 30;

/** Layout of a help text. */
export interface HelpLayout {
  /** Most columns of a line. */
  readonly columns: number;
  /** The words of a shell that run this program. Default: the words that do so from the working directory. */
  readonly program?: string;
}

/** Gives the help of the program. */
export function describeProgram(
  commands: readonly CommandEntry[],
  { columns, program = nameProgram() }: HelpLayout,
): string {
  return [
    ...wrapWords(
      "Carry: a sequence-to-sequence learner that learns to answer text with text, symbol by symbol",
      columns,
    ),
    "",
    `Usage: ${program} COMMAND [OPTIONS]`,
    "",
    "Commands:",
    ...layDefinitions(commands.map(({ name, summary }) => [name, summary]), { columns }),
    "",
    "Options:",
    ...layDefinitions([
      ["-h, --help [COMMAND]", "show this help, or the help of a command"],
      ["-V, --version", "show the version"],
    ], { columns }),
    "",
    ...wrapWords(
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 129 hang-up, 130 Ctrl-C, 143 SIGTERM",
      columns,
      2,
    ),
  ].join("\n");
}

/** Gives the help of a command. */
export function describeCommand(
  { name, summary }: CommandEntry,
  command: Command,
  { columns, program = nameProgram() }: HelpLayout,
): string {
  return describeUsage({ ...command, name, summary }, { columns, program });
}

/** A command or a script, described for its help. */
export interface Usage extends Omit<Command, "run"> {
  /** Description in one line. */
  readonly summary: string;
  /** Name of the command; undefined for a script. */
  readonly name?: string;
}

/** Gives the help of a command or a script. */
export function describeUsage(
  usage: Usage,
  { columns, program = nameProgram() }: HelpLayout,
): string {
  const { name, summary, positionals, options, examples } = usage;
  const call = [program, name, positionals, "[OPTIONS]"].filter(Boolean).join(" ");
  return [
    ...wrapWords(`${summary[0]!.toUpperCase()}${summary.slice(1)}`, columns),
    "",
    ...wrapWords(`Usage: ${call}`, columns, 2),
    "",
    ...layGroups([...options, HELP_OPTION], columns),
    "Examples:",
    ...examples.map((example) =>
      `  ${program} ${example.replaceAll("PROGRAM", program)}`.trimEnd()
    ),
  ].join("\n");
}

/** Lays out options under the headings of their groups, in the order of the first option of each. */
function layGroups(options: readonly OptionSpec[], columns: number): string[] {
  const groups = Map.groupBy(options, ({ group = "Options" }) => group);
  const width = widestName(options.map(describeName));
  return [...groups].flatMap(([heading, members]) => [
    `${heading}:`,
    ...layDefinitions(members.map((option) => [describeName(option), option.help]), {
      columns,
      width,
    }),
    "",
  ]);
}

function widestName(names: readonly string[]): number {
  return Math.min(WIDEST_NAME, Math.max(...names.map((name) => name.length)));
}

/** Lays out names with their descriptions beside them, or below them if there is little room. */
function layDefinitions(
  definitions: readonly (readonly [string, string])[],
  { columns, width = widestName(definitions.map(([name]) => name)) }: {
    readonly columns: number;
    readonly width?: number;
  },
): string[] {
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

const HELP_OPTION: OptionSpec = { name: "help", help: "show this help" };

function describeName(option: OptionSpec): string {
  if (option === HELP_OPTION) return "-h, --help";
  const { name, value, negatable } = option;
  if (negatable) return `--${name}, --no-${name}`;
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}
