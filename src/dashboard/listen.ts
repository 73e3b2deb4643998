/** Ports. @module */
import type { Server } from "node:http";

/** The one interface that is listened on. */
const LOOPBACK = "127.0.0.1";

/** Where the dashboard is, if that is free. */
const FIRST_PORT = 4750;
const PORTS_TRIED = 21;

/** The ports to try where none is asked for: 4750 and the 20 after it. */
export const DEFAULT_PORTS: readonly number[] = Array.from(
  { length: PORTS_TRIED },
  (_, i) => FIRST_PORT + i,
);

/**
 * Listens on 127.0.0.1 at the first of some ports that is free; 0 is any.
 *
 * @returns the port
 * @throws {Error} if none can be had, with the reason
 */
export async function listen(server: Server, ports: readonly number[]): Promise<number> {
  for (const [i, port] of ports.entries()) {
    try {
      return await listenAt(server, port);
    } catch (error) {
      const taken = (error as { code?: unknown }).code === "EADDRINUSE";
      if (taken && i + 1 < ports.length) continue;
      if (!taken) throw error;
      const tried = ports.length === 1 ? `port ${port}` : `the ports ${ports[0]} to ${port}`;
      throw new Error(`Cannot listen on ${LOOPBACK} at ${tried}: in use`, { cause: error });
    }
  }
  throw new RangeError("Cannot listen: no port was given");
}

function listenAt(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
