/** Listens on a port of this machine. @module */
import type { Server } from "node:http";

/** The only interface on which servers listen. */
const LOOPBACK = "127.0.0.1";

/** The first port to try. */
const FIRST_PORT = 4750;
const PORTS_TRIED = 21;

/** The ports to try if none is given: 4750 and the 20 after it. */
export const DEFAULT_PORTS: readonly number[] = Array.from(
  { length: PORTS_TRIED },
  (_, i) => FIRST_PORT + i,
);

/**
 * Listens on 127.0.0.1 at the first of some ports that is free; 0 means any free port.
 *
 * @returns the port
 * @throws {Error} if the server can listen on none of them, with the reason
 */
export async function listen(server: Server, ports: readonly number[]): Promise<number> {
  for (const [i, port] of ports.entries()) {
    try {
      checkPort(port);
      return await listenAt(server, port);
    } catch (error) {
      if (isInUse(error) && i + 1 < ports.length) continue;
      throw describeListenError(error, ports.slice(0, i + 1));
    }
  }
  throw new RangeError("Cannot listen: no port was given");
}

/**
 * Finds out whether a server can listen on one of some ports now. It leaves the port free.
 *
 * @throws {Error} if it can listen on none of them, with the reason
 */
export function checkPortsAreFree(ports: readonly number[]): void {
  for (const [i, port] of ports.entries()) {
    try {
      return checkPort(port);
    } catch (error) {
      if (isInUse(error) && i + 1 < ports.length) continue;
      throw describeListenError(error, ports.slice(0, i + 1));
    }
  }
}

/**
 * Listens once with Deno's own call, which throws at once. Node's call reports an error by an event, and a missing permission
 * by an exception that cannot be caught.
 */
function checkPort(port: number): void {
  Deno.listen({ hostname: LOOPBACK, port }).close();
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

function isInUse(error: unknown): boolean {
  return error instanceof Deno.errors.AddrInUse || codeOf(error) === "EADDRINUSE";
}

/** Explains an error of the operating system in a sentence. A missing permission stays as it is. */
function describeListenError(error: unknown, tried: readonly number[]): unknown {
  if (error instanceof Deno.errors.NotCapable) return error;
  const [first] = tried;
  const where = tried.length === 1 ? `port ${first}` : `the ports ${first} to ${tried.at(-1)}`;
  return new Error(`Cannot listen on ${LOOPBACK} at ${where}: ${describeCause(error, tried)}`, {
    cause: error,
  });
}

function describeCause(error: unknown, { length }: readonly number[]): string {
  if (isInUse(error)) {
    return length === 1 ? "another program uses it" : "other programs use all of them";
  }
  if (error instanceof Deno.errors.PermissionDenied || codeOf(error) === "EACCES") {
    return "the operating system does not allow this user to listen there; ports from 1024 on are usually allowed";
  }
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
