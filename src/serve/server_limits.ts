/** Limits of a server. @module */

/** Most bytes of the path and the headers of a request. */
export const MAX_HEADER_BYTES: number = 16 * 1024;

/** Limits of the connections and times of a server. */
export interface ServerLimits {
  /** Most connections. */
  readonly connections: number;
  /** Milliseconds for the headers of a request, and between requests. */
  readonly headersMs: number;
  /** Milliseconds for a whole request. */
  readonly requestMs: number;
  /** Milliseconds that the client has to read a complete answer. */
  readonly takeMs: number;
  /** Milliseconds that answers which have begun get when the server stops. */
  readonly stopMs: number;
}

/** The default limits. */
export const SERVER_LIMITS: ServerLimits = {
  connections: 512,
  headersMs: 5_000,
  requestMs: 10_000,
  takeMs: 30_000,
  stopMs: 2_000,
};
