/** Options of the command line. One table is used to parse, check and describe them. @module */
import { type Args, parseArgs } from "@std/cli/parse-args";
import { readChoice, readNumber } from "../arguments/setting.ts";
import { suggest } from "../arguments/suggest.ts";
import { UsageError } from "./usage_error.ts";

/** One option. */
export interface OptionSpec {
  /** Name without the dashes. */
  readonly name: string;
  /** Placeholder of its value for help texts; undefined for a flag. */
  readonly value?: string;
  /** Description, with the default. */
  readonly help: string;
  /** Heading of its group in help texts, as `Model options`. Default: `Options`. */
  readonly group?: string;
  /** Whether it is a flag that is on unless `--no-NAME` is given. */
  readonly negatable?: boolean;
}

/** The arguments after the command. */
export interface TypedOptions {
  /** Arguments that are not options. */
  readonly positionals: readonly string[];
  /** Says whether a flag was given; for a negatable one, whether it is on. */
  flag(name: string): boolean;
  /** Says whether an option or a flag was given, also as `--no-NAME`. */
  given(name: string): boolean;
  /** Gives the text of an option, if it was given. */
  text(name: string): string | undefined;
  /** Gives the number of an option, if it was given. @throws {UsageError} if the text is not a number */
  number(name: string): number | undefined;
  /** Gives the choice of an option, if it was given. @throws {UsageError} if the text is not one of the choices */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined;
}

/**
 * Parses the arguments after the command.
 *
 * @throws {UsageError} for an unknown option, with the nearest name; an option without its value; or a flag with a value
 */
export function parseOptions(args: readonly string[], specs: readonly OptionSpec[]): TypedOptions {
  const flags = specs.filter(({ value }) => value === undefined).map(({ name }) => name);
  const texts = specs.filter(({ value }) => value !== undefined).map(({ name }) => name);
  const negatable = specs.filter((spec) => spec.negatable).map(({ name }) => name);
  const known = new Set([...flags, ...texts, ...negatable.map((name) => `no-${name}`)]);
  const { options, positionals } = divide(args, texts);
  const typed = new Set<string>();
  for (const arg of options) {
    const name = arg.slice(2).split("=")[0]!;
    if (arg.startsWith("--") && name === "") {
      throw new UsageError(`Unknown option "${arg}": "--" needs a name before "="`);
    }
    if (!arg.startsWith("--") || !known.has(name)) { // fault point: known options
      throw new UsageError(describeUnknown(arg, specs)); // a parser may accept "constructor"
    }
    if (arg.includes("=") && flags.includes(name)) {
      throw new UsageError(`Cannot read "${arg}": --${name} takes no value`);
    }
    typed.add(name);
  }
  const values: Args = parseArgs(options, { boolean: flags, string: texts, negatable });

  function text(name: string): string | undefined {
    if (!typed.has(name)) return undefined;
    const value: unknown = values[name];
    if (typeof value !== "string" || value === "") {
      const { value: placeholder } = specs.find((spec) => spec.name === name)!;
      throw new UsageError(
        `Cannot read --${name}: it needs a value, as in --${name} ${placeholder}`,
      );
    }
    return value;
  }

  function read<T>(name: string, reader: (text: string) => T): T | undefined {
    const value = text(name);
    return value === undefined ? undefined : readTyped(name, value, reader);
  }

  const given = (name: string): boolean => typed.has(name) || typed.has(`no-${name}`);
  return {
    ...{ positionals, given },
    flag: (name) => given(name) ? values[name] === true : negatable.includes(name),
    text,
    number: (name) => read(name, readNumber),
    choice: (name, choices) => read(name, (value) => readChoice(value, choices)),
  };
}

/** Reads the text of an option. @throws {UsageError} with the reason, if the reader throws a SyntaxError */
export function readTyped<T>(name: string, text: string, reader: (text: string) => T): T {
  try {
    return reader(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`Cannot read --${name}: ${error.message}`);
  }
}

/** Divides arguments into options, each with its value as `--name=value`, and the other arguments. */
function divide(
  args: readonly string[],
  texts: readonly string[],
): { readonly options: string[]; readonly positionals: string[] } {
  const options: string[] = [];
  const positionals: string[] = [];
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  for (let i = 0; i < end; i++) {
    const arg = args[i]!;
    if (!isOption(arg)) {
      positionals.push(arg);
      continue;
    }
    const takesNext = texts.includes(arg.slice(2)) && i + 1 < end && !isOption(args[i + 1]!);
    options.push(takesNext ? `${arg}=${args[++i]}` : arg);
  }
  return { options, positionals: [...positionals, ...args.slice(end + 1)] };
}

/** Says whether an argument is an option. `-1` is a number and `-` is a name, so they are not. */
function isOption(arg: string): boolean {
  return arg.startsWith("-") && arg !== "-" && !/^-\.?\d/.test(arg);
}

function describeUnknown(arg: string, specs: readonly OptionSpec[]): string {
  const option = arg.split("=")[0]!;
  const names = specs.flatMap(({ name, negatable }) =>
    negatable ? [`--${name}`, `--no-${name}`] : [`--${name}`]
  ).concat("--help");
  return `Unknown option "${option}"${suggest(option, names)}`;
}
