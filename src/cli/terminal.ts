/** Writing to people: lines, colours, and a progress line that is there only on a terminal. @module */

/** Colours, as the notebook has them: bright green and bright red. */
export interface Palette {
  green(text: string): string;
  red(text: string): string;
  dim(text: string): string;
}

/** A line at the bottom of the terminal that is written over and over. */
export interface StatusLine {
  /** Shows a text instead of the one before; at most ten times a second. */
  show(text: () => string): void;
  /** Removes the line, so that other lines can follow. */
  clear(): void;
}

const REFRESH_MS = 100;

/** Prints a line to standard output. A reader that has gone does not matter: `train | head -1` trains on. */
export function print(line: string): void {
  // deno-lint-ignore no-console
  console.log(line);
}

/** Prints a line to standard error. */
export function printError(line: string): void {
  // deno-lint-ignore no-console
  console.error(line);
}

/** Gives the colours of standard output: none if it is not a terminal, or `NO_COLOR` is set. */
export function createPalette(): Palette {
  const coloured = Deno.stdout.isTerminal() && !Deno.noColor;
  const paint = (code: number) => (text: string): string =>
    coloured ? `\x1b[${code}m${text}\x1b[0m` : text;
  return { green: paint(92), red: paint(91), dim: paint(2) };
}

/** Makes a status line on standard error, or one that shows nothing if that is not a terminal. */
export function createStatusLine(): StatusLine {
  if (!Deno.stderr.isTerminal()) return { show: () => {}, clear: () => {} };
  const encoder = new TextEncoder();
  let shownAt = -Infinity;
  return {
    show(text): void {
      const now = performance.now();
      if (now - shownAt < REFRESH_MS) return;
      shownAt = now;
      const line = text().slice(0, Deno.consoleSize().columns - 1);
      Deno.stderr.writeSync(encoder.encode(`\r\x1b[K${line}`));
    },
    clear(): void {
      if (shownAt > -Infinity) Deno.stderr.writeSync(encoder.encode("\r\x1b[K"));
      shownAt = -Infinity;
    },
  };
}

/** Gives the width of the terminal that standard output is, in characters; 80 where it is none, or does not say. */
export function terminalColumns(): number {
  return Deno.stdout.isTerminal() && Deno.consoleSize().columns || 80;
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
