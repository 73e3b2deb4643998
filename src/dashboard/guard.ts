/**
 * Who may ask. A page of any other origin can send requests to 127.0.0.1, and after its name is bound to 127.0.0.1 (DNS
 * rebinding) read the answers; any program of this machine can, too. So the name asked for, the origin, and a token count.
 *
 * @module
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { readHeader, type ReceivedRequest } from "./received_request.ts";
import { Refusal } from "./refusal.ts";

/** Names that mean this machine whatever a name server says. */
const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"] as const;

/** Whether a resource is the page, to be opened from anywhere; is open to all but other sites; or is for those who have the token. */
export type Access = "page" | "open" | "token";

/**
 * Checks that a request was meant for this server, and that no page of another origin sent it.
 *
 * @param port where the server listens
 * @throws {Refusal} 421 for another host, 403 for another origin, 400 or 505 for what no browser and no curl sends
 */
export function checkAddress(request: ReceivedRequest, port: number): void {
  if (request.version !== "1.1") {
    throw new Refusal(505, "Cannot answer: requests must be HTTP/1.1");
  }
  if (!request.path.startsWith("/")) {
    throw new Refusal(400, 'Cannot read the request: its target must begin with "/"');
  }
  const host = readHeader(request, "host");
  if (host === undefined || !listHosts(port).includes(host)) {
    throw new Refusal(421, `Cannot answer: the host must be 127.0.0.1 with the server's port`);
  }
  const origin = readHeader(request, "origin");
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new Refusal(403, "Cannot answer: another origin asks");
  }
}

/**
 * Checks `Sec-Fetch-Site`, which browsers send and pages cannot change. Data is for the page itself; so are its files,
 * or for somebody who types their address. The page may be opened from anywhere, a link in a browser's terminal or
 * notebook say: without the token it shows nothing, and no frame can hold it.
 *
 * @throws {Refusal} 403 if a page of another origin asks
 */
export function checkFetchSite(request: ReceivedRequest, access: Access): void {
  const site = readHeader(request, "sec-fetch-site");
  if (site === undefined || site === "same-origin") return;
  if (site === "none" && access !== "token") return;
  if (access === "page" && readHeader(request, "sec-fetch-mode") === "navigate") {
    if (readHeader(request, "sec-fetch-dest") === "document") return;
  }
  throw new Refusal(403, "Cannot answer: another site asks");
}

/**
 * Checks `Authorization: Bearer TOKEN` in a time that does not depend on how much of the token is right.
 *
 * @throws {Refusal} 401 if it is missing or wrong
 */
export function checkToken(request: ReceivedRequest, token: string): void {
  const given = readHeader(request, "authorization") ?? "";
  if (timingSafeEqual(digest(given), digest(`Bearer ${token}`))) return;
  throw new Refusal(
    401,
    "Cannot answer: the header Authorization must be Bearer and the token that the server printed",
    { headers: { "WWW-Authenticate": "Bearer" } },
  );
}

function listHosts(port: number): string[] {
  return LOOPBACK_NAMES.map((name) => port === 80 ? name : `${name}:${port}`);
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
