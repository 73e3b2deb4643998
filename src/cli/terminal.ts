/**
 * Prints lines, with colours and a progress line on a terminal.
 *
 * The commands print everything with these functions. They escape control characters, because a checkpoint, a file name or an
 * error may contain any.
 *
 * @module
 */
import { writeAll } from "../checkpoint/files.ts";
import { describeSystemError } from "../checkpoint/system_error.ts";
import { cutToColumns } from "../evaluation/columns.ts";
import { escapeText, formatJson } from "../arguments/escape.ts";

/** A line: a text, or a list of parts, some of which have a colour. */
export type Line = string | readonly (string | Painted)[];

/** A coloured part of a line. */
export interface Painted {
  readonly colour: keyof typeof COLOUR_CODES;
  readonly text: string;
}

/** A line at the bottom of the terminal that is rewritten. */
export interface StatusLine {
  /** Shows a text instead of the one before, at most ten times a second. The function gets the columns that the text may take. */
  show(text: (columns: number) => string): void;
  /** Removes the line, so that other lines can follow. */
  clear(): void;
}

/** The abilities of an output stream. */
export interface TerminalTraits {
  /** Whether it is a terminal. */
  readonly isTerminal: boolean;
  /** Whether it obeys control sequences. A terminal does unless `TERM=dumb`. */
  readonly obeysControls: boolean;
  /** Whether it shows colours. It does if it obeys control sequences and `NO_COLOR` is not set. */
  readonly showsColours: boolean;
}

/** Bright green and bright red, as in the notebook, and bright blue. */
const COLOUR_CODES = { green: 92, red: 91, blue: 94 } as const;

/** Columns to the right of the status line: for the cursor, and for the "^C" that a terminal echoes. */
const STATUS_MARGIN = 3;
const REFRESH_MS = 100;
/** Milliseconds between two progress lines if a line cannot be rewritten. */
const SPARSE_MS = 10_000;
/** Columns of a terminal that does not say its width. */
const USUAL_COLUMNS = 80;

/** Prints a line to standard output. It is not an error if the reader has closed it: `train | head -1` continues to train. */
export function print(line: Line): void {
  // deno-lint-ignore no-console
  writeOutput(() => console.log(renderLine(line, findTraits(Deno.stdout).showsColours)));
}

/** Prints a text of several lines. */
export function printText(text: string): void {
  for (const line of text.split("\n")) print(line);
}

/** Prints a value as a line of JSON. A parser gives the same value. */
export function printJson(value: unknown): void {
  // deno-lint-ignore no-console
  writeOutput(() => console.log(formatJson(value)));
}

/**
 * Prints lines to standard output, and says whether its reader is still there. A command whose input may have no end asks this:
 * `print` does not notice a closed pipe.
 *
 * @throws {Error} if they cannot be written for another reason
 */
export async function printLines(lines: readonly Line[]): Promise<boolean> {
  const { showsColours } = findTraits(Deno.stdout);
  const text = lines.map((line) => `${renderLine(line, showsColours)}\n`).join("");
  try {
    await writeAll(Deno.stdout, new TextEncoder().encode(text));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw describeLostOutput(error);
  }
}

/** Prints a text after which somebody types: the line is not ended. */
export function printPrompt(text: string): void {
  writeOutput(() => Deno.stdout.writeSync(new TextEncoder().encode(escapeText(text))));
}

/** Prints a line to standard error. */
export function printError(line: string): void {
  // deno-lint-ignore no-console
  writeMessage(() => console.error(escapeText(line)));
}

/** Formats a line for a terminal. */
export function renderLine(line: Line, showsColours: boolean): string {
  const parts = typeof line === "string" ? [line] : line;
  return parts.map((part) => {
    if (typeof part === "string") return escapeText(part);
    const text = escapeText(part.text);
    return showsColours ? `\x1b[${COLOUR_CODES[part.colour]}m${text}\x1b[0m` : text;
  }).join("");
}

/** Finds out the abilities of a stream. `TERM` is read only if that is permitted; the user is not asked for the permission. */
export function findTraits(stream: { isTerminal(): boolean }): TerminalTraits {
  const isTerminal = stream.isTerminal();
  const obeysControls = isTerminal && readVariable("TERM") !== "dumb";
  return { isTerminal, obeysControls, showsColours: obeysControls && !Deno.noColor };
}

/** Makes a status line on standard error. If that is not a terminal, the line shows nothing. */
export function createStatusLine(): StatusLine {
  const { isTerminal, obeysControls } = findTraits(Deno.stderr);
  const now = (): number => performance.now();
  if (!isTerminal) return { show: () => {}, clear: () => {} };
  if (!obeysControls) return createSparseLine(now, printError);
  const encoder = new TextEncoder();
  return createRewrittenLine(now, {
    columns: readColumns,
    write: (text) => writeMessage(() => Deno.stderr.writeSync(encoder.encode(text))),
  });
}

/** The terminal of a status line. */
export interface StatusTerminal {
  /** Gives its width now. */
  columns(): number;
  /** Writes a text without a change. */
  write(text: string): void;
}

/** Makes a status line that is rewritten by control sequences. */
export function createRewrittenLine(now: () => number, terminal: StatusTerminal): StatusLine {
  let shownAt = -Infinity;
  return {
    show(text): void {
      if (now() - shownAt < REFRESH_MS) return;
      shownAt = now();
      const columns = terminal.columns() - STATUS_MARGIN;
      terminal.write(`\r\x1b[K${cutToColumns(escapeText(text(columns)), columns)}`);
    },
    clear(): void {
      if (shownAt > -Infinity) terminal.write("\r\x1b[K");
      shownAt = -Infinity;
    },
  };
}

/** Makes a status line that prints a new line every ten seconds. */
export function createSparseLine(
  now: () => number,
  printLine: (line: string) => void,
): StatusLine {
  let shownAt = now();
  return {
    show(text): void {
      if (now() - shownAt < SPARSE_MS) return;
      shownAt = now();
      printLine(text(USUAL_COLUMNS - 1));
    },
    clear: () => {},
  };
}

/** Gives the most columns of a line on standard output; `Infinity` if that is not a terminal. */
export function lineColumns(): number {
  return Deno.stdout.isTerminal() ? Math.max(1, readColumns() - 1) : Infinity;
}

/** Reads the width of the terminal. */
function readColumns(): number {
  try {
    return Deno.consoleSize().columns || USUAL_COLUMNS;
  } catch {
    return USUAL_COLUMNS;
  }
}

/** Draws a bar of a share, 0 to 1. */
export function drawBar(share: number, width = 24): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return "━".repeat(full) + "─".repeat(width - full);
}

/** Formats a duration: `0:07`, `12:34`, `1:02:03`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const pad = (value: number): string => String(value).padStart(2, "0");
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/**
 * Writes to standard output. A closed pipe (EPIPE) and a closed terminal (EIO) are no errors.
 *
 * @throws {Error} if it cannot be written to for another reason: its disk is full
 */
function writeOutput(writeNow: () => void): void {
  try {
    writeNow();
  } catch (error) {
    const isGone = error instanceof Deno.errors.BrokenPipe ||
      error instanceof Error && "code" in error && (error.code === "EIO" || error.code === "EPIPE");
    if (!isGone && !/os error (5|32)\)/.test(String(error))) throw describeLostOutput(error);
  }
}

function describeLostOutput(error: unknown): Error {
  return new Error(`Cannot write to standard output: ${describeSystemError(error)}`, {
    cause: error,
  });
}

/** Writes to standard error. It ignores errors: there is no other place to report them. */
function writeMessage(writeNow: () => void): void {
  try {
    writeNow();
  } catch { /* the message is lost */ }
}

function readVariable(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}
