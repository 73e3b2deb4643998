/** A run that is shown: its news, and what its weights answer. @module */
import type { Answered, Answers, RunUpdate } from "./protocol.ts";

/** What a reader of news has been told so far; opaque, made by {@linkcode RunNews.since}. */
export interface Cursor {
  /** Which history it belongs to: after a reset it is of no use. */
  readonly generation: number;
  /** Starts told. */
  readonly starts: number;
  /** Points, epochs, samples and learned rows told. */
  readonly told: readonly [number, number, number, number];
  /** Number of the last change told. */
  readonly version: number;
}

/** News that a reader has not had, and the cursor to ask with next time. */
export interface News {
  readonly update: RunUpdate;
  readonly cursor: Cursor;
}

/** The news of one run. Nothing is queued for anybody: a reader that comes seldom gets more at once. */
export interface RunNews {
  /** Raised with every change. */
  readonly version: number;
  /** Gives what is new since a cursor, everything with `reset` where there is none; undefined where nothing is new. */
  since(cursor: Cursor | undefined): News | undefined;
}

/** A run that is shown. */
export interface WatchedRun {
  /** Where it is. */
  readonly path: string;
  /** Its news. */
  readonly news: RunNews;
  /**
   * Answers a question by the newest weights.
   *
   * @throws {SyntaxError} if it is no question
   * @throws {RangeError} if it is too long for the model
   */
  ask(question: string): Promise<Answered>;
  /** How the newest weights answer the validation split. */
  answers(): Promise<Answers>;
  /** The newest checkpoint without moments, as safetensors. */
  readModel(): Promise<Uint8Array>;
}
