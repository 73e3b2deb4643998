/** A run that is shown: its history, and the answers of its weights. @module */
import type { Answered, Answers, RunUpdate } from "./protocol.ts";

/** A position in a history: what a reader has received so far. {@linkcode RunNews.since} makes it. */
export interface Cursor {
  /** Number of the history: a cursor of an older one is not valid. */
  readonly generation: number;
  /** Starts received. */
  readonly starts: number;
  /** Points, epochs, samples and learned rows received. */
  readonly told: readonly [number, number, number, number];
  /** Version of the history then. */
  readonly version: number;
}

/** What is new for a reader, and the cursor after it. */
export interface News {
  readonly update: RunUpdate;
  readonly cursor: Cursor;
}

/** The history of one run. Nothing is queued for a reader: one that asks seldom gets more at once. */
export interface RunNews {
  /** Grows with every change. */
  readonly version: number;
  /** Gives what is new since a cursor; without a valid cursor everything, with `reset`; undefined if nothing is new. */
  since(cursor: Cursor | undefined): News | undefined;
}

/** A run that is shown. */
export interface WatchedRun {
  /** The directory of the run. */
  readonly path: string;
  /** Its history. */
  readonly news: RunNews;
  /**
   * Answers a question with the newest weights.
   *
   * @throws {SyntaxError} if it is not a question
   * @throws {RangeError} if it is too long for the model
   */
  ask(question: string): Promise<Answered>;
  /** Gives the answers of the newest weights to the validation split. */
  answers(): Promise<Answers>;
  /** Gives the newest checkpoint without moments, as safetensors. */
  readModel(): Promise<Uint8Array<ArrayBuffer>>;
}
