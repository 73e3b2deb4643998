/**
 * The open connections, of a bounded number. One that sends nothing costs a place, so when all are taken the one that has
 * waited longest for its own request gives way: whoever sends a whole request at once is served, however many do not.
 *
 * @module
 */

/** What is needed of a socket. */
export interface Connection {
  destroy(): unknown;
  once(event: "close", listener: () => void): unknown;
}

/**
 * `waiting`: nothing of a request was read. `receiving`: a request is not complete. `answering`: an answer is computed.
 * `sending`: it is on its way. `streaming`: an answer goes on; there are few of these, and they do not give way.
 */
export type ConnectionState = "waiting" | "receiving" | "answering" | "sending" | "streaming";

/** Keeps track of connections. */
export interface Connections {
  /** How many are open. */
  readonly size: number;
  /** Takes one more, in place of the one that matters least if there are too many. */
  add(connection: Connection): void;
  /** How one stands; undefined once it is closed. */
  stateOf(connection: Connection): ConnectionState | undefined;
  /** Notes how one stands now. */
  enter(connection: Connection, state: ConnectionState): void;
  /** Closes those in some states. */
  destroy(states: readonly ConnectionState[]): void;
}

/** Who gives way first. */
const LEAST_FIRST: readonly ConnectionState[] = ["waiting", "receiving", "sending", "answering"];

/** Keeps track of at most so many connections. */
export function createConnections(most: number): Connections {
  /** In the order in which they entered their states. */
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
