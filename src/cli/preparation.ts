/** Shows the progress of a preparation: one rewritten line on a terminal, a new line every ten seconds elsewhere. @module */
import { createSparseLine, createStatusLine, drawBar, printError } from "./terminal.ts";

/** Shows progress on standard error. */
export interface Preparation {
  /** Gives a function that shows the progress of a task with a name such as `Generating questions`. */
  show(what: string): (done: number, of: number) => void;
  /** Removes the line. */
  clear(): void;
}

/** Widest progress bar. */
const WIDEST_BAR = 24;

/** Makes the progress line. */
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
