/** How much, and how long. @module */

/** Times and numbers that a server keeps to. */
export interface ServerLimits {
  /** Most connections. */
  readonly connections: number;
  /** Milliseconds for the headers of a request, and between requests. */
  readonly headersMs: number;
  /** Milliseconds for a whole request. */
  readonly requestMs: number;
  /** Milliseconds for taking an answer that is all there. */
  readonly takeMs: number;
  /** Milliseconds that answers under way have when the server stops. */
  readonly stopMs: number;
}

/** What is usual. */
export const SERVER_LIMITS: ServerLimits = {
  connections: 512,
  headersMs: 5_000,
  requestMs: 10_000,
  takeMs: 30_000,
  stopMs: 2_000,
};
