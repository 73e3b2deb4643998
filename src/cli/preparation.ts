/** Shows the progress of a preparation: one rewritten line on a terminal, a new line every ten seconds elsewhere. @module */
import { isPairs } from "../problem/pairs/settings.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import { createSparseLine, createStatusLine, drawBar, printError } from "./terminal.ts";

/** Shows progress on standard error. */
export interface Preparation {
  /** Gives a function that shows the progress of a task with a name such as `Evaluating`. */
  show(what: string): (done: number, of: number) => void;
  /** Removes the line. */
  clear(): void;
}

/** Gives a function that shows how a split is made: by its examples, or by megabytes of the files that are read. */
export function showSplit(
  preparation: Preparation,
  problem: ProblemSettings,
): (done: number, of: number) => void {
  if (!isPairs(problem)) return preparation.show("Generating questions");
  const show = preparation.show("Reading pairs, MB");
  return (done, of) => show(Math.ceil(done / BYTES_PER_MB), Math.ceil(of / BYTES_PER_MB));
}

const BYTES_PER_MB = 1e6;

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
