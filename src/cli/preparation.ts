/** The progress of what comes before a training: a line on a terminal, a line now and then elsewhere. @module */
import { createSparseLine, createStatusLine, drawBar, printError } from "./terminal.ts";

/** Shows progress on standard error. */
export interface Preparation {
  /** Gives what shows the progress of something, named as `Generating questions`. */
  show(what: string): (done: number, of: number) => void;
  /** Removes the line. */
  clear(): void;
}

/** Widest progress bar. */
const WIDEST_BAR = 24;

/** Makes it. */
export function createPreparation(): Preparation {
  const status = Deno.stderr.isTerminal()
    ? createStatusLine()
    : createSparseLine(() => performance.now(), printError);
  return {
    show: (what) => (done, of) =>
      status.show((columns) => describeProgress({ what, done, of, columns })),
    clear: () => status.clear(),
  };
}

function describeProgress(
  { what, done, of, columns }: {
    readonly what: string;
    readonly done: number;
    readonly of: number;
    readonly columns: number;
  },
): string {
  const count = `${done}/${of}`;
  const room = Math.min(WIDEST_BAR, columns - what.length - count.length - 2);
  return room < 1 ? `${what} ${count}` : `${what} ${drawBar(done / of, room)} ${count}`;
}
