/**
 * The open connections. Their number is limited. At the limit, a new connection replaces an old one: first the one that has sent
 * nothing for the longest time. So a client that sends its request at once is served, even if many others send nothing.
 *
 * @module
 */

/** The part of a socket that is used here. */
export interface Connection {
  destroy(): unknown;
  once(event: "close", listener: () => void): unknown;
}

/**
 * `waiting`: no part of a request was read. `receiving`: a part of a request was read. `answering`: the answer is computed.
 * `sending`: the answer is being sent. `streaming`: a stream is open; these are few, and are never replaced.
 */
export type ConnectionState = "waiting" | "receiving" | "answering" | "sending" | "streaming";

/** Keeps track of connections. */
export interface Connections {
  /** How many are open. */
  readonly size: number;
  /** Adds a connection. If there are too many, it closes the least important one. */
  add(connection: Connection): void;
  /** Gives the state of a connection; undefined once it is closed. */
  stateOf(connection: Connection): ConnectionState | undefined;
  /** Sets the state of a connection. */
  enter(connection: Connection, state: ConnectionState): void;
  /** Closes the connections in some states. */
  destroy(states: readonly ConnectionState[]): void;
}

/** The states in the order in which connections are replaced. */
const LEAST_FIRST: readonly ConnectionState[] = ["waiting", "receiving", "sending", "answering"];

/** Makes an empty list of connections. @param most most open connections */
export function createConnections(most: number): Connections {
  /** In the order in which the connections entered their states. */
  const states = new Map<Connection, ConnectionState>();

  function makeRoom(): void {
    for (const least of LEAST_FIRST) {
      for (const [connection, state] of states) {
        if (state !== least) continue;
        states.delete(connection);
        connection.destroy();
        return;
      }
    }
  }

  return {
    get size() {
      return states.size;
    },
    add(connection): void {
      if (states.size >= most) makeRoom();
      states.set(connection, "waiting");
      connection.once("close", () => states.delete(connection));
    },
    stateOf: (connection) => states.get(connection),
    enter(connection, state): void {
      if (states.delete(connection)) states.set(connection, state);
    },
    destroy(some): void {
      for (const [connection, state] of [...states]) {
        if (some.includes(state)) connection.destroy();
      }
    },
  };
}
