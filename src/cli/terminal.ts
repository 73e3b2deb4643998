/**
 * Writing to people: lines, colours, and a progress line that is there only on a terminal.
 *
 * Everything the commands print goes through here. Control characters in it are shown, not obeyed: a checkpoint, a file name or
 * an error may hold any.
 *
 * @module
 */
import { cutToColumns } from "./columns.ts";
import { escapeText, formatJson } from "./escape.ts";

/** A line: a text, or parts of it of which some have a colour. */
export type Line = string | readonly (string | Painted)[];

/** A coloured part of a line. */
export interface Painted {
  readonly colour: keyof typeof COLOUR_CODES;
  readonly text: string;
}

/** A line at the bottom of the terminal that is written over and over. */
export interface StatusLine {
  /** Shows a text instead of the one before, at most ten times a second; it is given the columns that it may take. */
  show(text: (columns: number) => string): void;
  /** Removes the line, so that other lines can follow. */
  clear(): void;
}

/** What a stream of output can show. */
export interface TerminalTraits {
  /** Whether it is a terminal at all. */
  readonly isTerminal: boolean;
  /** Whether it obeys control sequences: a terminal that is not `TERM=dumb`. */
  readonly obeysControls: boolean;
  /** Whether it shows colours: not with `NO_COLOR` either. */
  readonly showsColours: boolean;
}

/** Bright green and bright red, as the notebook has them. */
const COLOUR_CODES = { green: 92, red: 91 } as const;

const REFRESH_MS = 100;
/** Between two progress lines on a terminal that cannot write one over the other. */
const SPARSE_MS = 10_000;
/** Of a terminal that does not say how wide it is. */
const USUAL_COLUMNS = 80;

/** Prints a line to standard output. Whoever reads it may go at any time: `train | head -1` trains on. */
export function print(line: Line): void {
  // deno-lint-ignore no-console
  write(() => console.log(renderLine(line, findTraits(Deno.stdout).showsColours)));
}

/** Prints a text of our own that has several lines. */
export function printText(text: string): void {
  for (const line of text.split("\n")) print(line);
}

/** Prints a value as a line of JSON, which is the same value for whoever parses it. */
export function printJson(value: unknown): void {
  // deno-lint-ignore no-console
  write(() => console.log(formatJson(value)));
}

/** Prints a line to standard error. */
export function printError(line: string): void {
  // deno-lint-ignore no-console
  write(() => console.error(escapeText(line)));
}

/** Writes a line as a terminal gets it. */
export function renderLine(line: Line, showsColours: boolean): string {
  const parts = typeof line === "string" ? [line] : line;
  return parts.map((part) => {
    if (typeof part === "string") return escapeText(part);
    const text = escapeText(part.text);
    return showsColours ? `\x1b[${COLOUR_CODES[part.colour]}m${text}\x1b[0m` : text;
  }).join("");
}

/** Finds out what a stream can show. `TERM` is read only where that is permitted already: nothing asks. */
export function findTraits(stream: { isTerminal(): boolean }): TerminalTraits {
  const isTerminal = stream.isTerminal();
  const obeysControls = isTerminal && readVariable("TERM") !== "dumb";
  return { isTerminal, obeysControls, showsColours: obeysControls && !Deno.noColor };
}

/** Makes a status line on standard error, or one that shows nothing if that is not a terminal. */
export function createStatusLine(): StatusLine {
  const { isTerminal, obeysControls } = findTraits(Deno.stderr);
  const now = (): number => performance.now();
  if (!isTerminal) return { show: () => {}, clear: () => {} };
  if (!obeysControls) return createSparseLine(now, printError);
  const encoder = new TextEncoder();
  return createRewrittenLine(now, {
    columns: readColumns,
    write: (text) => write(() => Deno.stderr.writeSync(encoder.encode(text))),
  });
}

/** Where a status line is written. */
export interface StatusTerminal {
  /** How wide it is now. */
  columns(): number;
  /** Writes as it is. */
  write(text: string): void;
}

/** Makes a status line that control sequences keep in its place. */
export function createRewrittenLine(now: () => number, terminal: StatusTerminal): StatusLine {
  let shownAt = -Infinity;
  return {
    show(text): void {
      if (now() - shownAt < REFRESH_MS) return;
      shownAt = now();
      const columns = terminal.columns() - 1; // the cursor has the last one
      terminal.write(`\r\x1b[K${cutToColumns(escapeText(text(columns)), columns)}`);
    },
    clear(): void {
      if (shownAt > -Infinity) terminal.write("\r\x1b[K");
      shownAt = -Infinity;
    },
  };
}

/** Makes a status line of lines below each other, the first after a while. */
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

/** Gives the columns that a line on standard output may take: as many as it needs where that is no terminal. */
export function lineColumns(): number {
  return Deno.stdout.isTerminal() ? readColumns() - 1 : Infinity;
}

/** Asks the terminal how wide it is now. */
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

/** Writes a duration for people: `0:07`, `12:34`, `1:02:03`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const pad = (value: number): string => String(value).padStart(2, "0");
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** Writes to a stream whose reader may be gone: a pipe that is closed (EPIPE), a terminal that is (EIO). */
function write(writeNow: () => void): void {
  try {
    writeNow();
  } catch (error) {
    const isGone = error instanceof Deno.errors.BrokenPipe ||
      error instanceof Error && "code" in error && (error.code === "EIO" || error.code === "EPIPE");
    if (!isGone && !/os error (5|32)\)/.test(String(error))) throw error;
  }
}

function readVariable(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}
