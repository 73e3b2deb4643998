/** Options of the benches. One table serves to read, check and explain them, as for the commands. @module */
import { describeUsage } from "../src/cli/help.ts";
import { type OptionSpec, parseOptions, type TypedOptions } from "../src/cli/options.ts";
import { lineColumns, printError, printText } from "../src/cli/terminal.ts";
import { UsageError } from "../src/cli/usage_error.ts";

/** The description of a bench's command line. */
export interface BenchUsage {
  /** The command, without options. */
  readonly command: string;
  /** What the bench does, in a sentence. */
  readonly summary: string;
  readonly options: readonly OptionSpec[];
  /** Examples of options, as typed after the command. */
  readonly examples: readonly string[];
}

/**
 * Reads the options of a bench. `--help` explains them and ends the process. If an option cannot be read, a message goes to
 * standard error, and the exit code is 2.
 */
export function readBenchOptions<T>(
  args: readonly string[],
  usage: BenchUsage,
  read: (typed: TypedOptions) => T,
): T {
  if (args.includes("--help") || args.includes("-h")) {
    printText(describeUsage(usage, { columns: lineColumns(), program: usage.command }));
    Deno.exit(0);
  }
  try {
    const typed = parseOptions(args, usage.options);
    const [other] = typed.positionals;
    if (other !== undefined) {
      throw new UsageError(`Cannot use "${other}": ${usage.command} takes options only`);
    }
    return read(typed);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    printError(error.message);
    Deno.exit(2);
  }
}

/** Reads the positive integer of an option. @throws {UsageError} if it is not one */
export function readCount(typed: TypedOptions, name: string, otherwise: number): number {
  const value = typed.number(name) ?? otherwise;
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`Cannot read --${name}: it must be a positive integer, but is ${value}`);
}

/** Reads positive integers, separated by commas. @throws {UsageError} if one is not */
export function readCounts(typed: TypedOptions, name: string): readonly number[] | undefined {
  const text = typed.text(name);
  const counts = text?.split(",").map(Number);
  if (counts?.every((count) => Number.isSafeInteger(count) && count > 0) ?? true) return counts;
  throw new UsageError(
    `Cannot read --${name}: it takes positive integers such as 1,2,4, but found "${text}"`,
  );
}

/** Reads the positive number of an option. @throws {UsageError} if it is not one */
export function readPositive(typed: TypedOptions, name: string, otherwise: number): number {
  const value = typed.number(name) ?? otherwise;
  if (Number.isFinite(value) && value > 0) return value;
  throw new UsageError(`Cannot read --${name}: it must be a positive number, but is ${value}`);
}

/** Reads known names, separated by commas. @throws {UsageError} if one is unknown */
export function readNames(
  typed: TypedOptions,
  name: string,
  known: readonly string[],
): readonly string[] | undefined {
  const names = typed.text(name)?.split(",");
  const unknown = names?.find((candidate) => !known.includes(candidate));
  if (unknown === undefined) return names;
  throw new UsageError(
    `Cannot read --${name}: it takes names out of ${known.join(", ")}, but found "${unknown}"`,
  );
}
