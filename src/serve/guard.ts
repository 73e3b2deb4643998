/**
 * Checks who sent a request. A page of another origin can send requests to 127.0.0.1. It can read the answers, too, if its own
 * name is resolved to 127.0.0.1 (DNS rebinding). Any program of this machine can do both. So the host, the origin and a token are
 * checked.
 *
 * @module
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { readHeader, type ReceivedRequest } from "./received_request.ts";
import { Refusal } from "./refusal.ts";

/** The names of this machine that no name server can change, in upper or lower case, with or without a port. */
const LOOPBACK_HOST = /^(?:(?:127\.0\.0\.1|localhost)\.?|\[::1\])(?::[1-9]\d{0,4})?$/i;

/** Most characters of a wrong host that an answer repeats. */
const MAX_SHOWN_HOST = 100;

/**
 * Who may use a resource. `page`: the page itself, which any link may open. `open`: every client except pages of other origins.
 * `token`: only clients that send the token.
 */
export type Access = "page" | "open" | "token";

/**
 * Checks that a request was meant for this server, and that no page of another origin sent it.
 *
 * The host may be any name of loopback with any port. No name server can give these names to another machine, so DNS rebinding
 * is not possible. A tunnel (`ssh -L 9999:127.0.0.1:4750`) brings requests for its own port. A page at another port of this
 * machine has another origin, and is refused for that reason.
 *
 * @param port where the server listens, for the message
 * @throws {Refusal} 421 for another host, 403 for another origin, 400 or 505 for requests that browsers and curl do not send
 */
export function checkAddress(request: ReceivedRequest, port: number): void {
  if (request.version !== "1.1") {
    throw new Refusal(505, "Cannot answer: the request must be HTTP/1.1");
  }
  if (!request.path.startsWith("/")) {
    throw new Refusal(400, 'Cannot read the request: its target must begin with "/"');
  }
  const host = readHeader(request, "host");
  if (host === undefined || !LOOPBACK_HOST.test(host)) {
    const found = host === undefined ? "is missing" : `is "${host.slice(0, MAX_SHOWN_HOST)}"`;
    throw new Refusal(
      421,
      `Cannot answer: the header Host must be 127.0.0.1, localhost or [::1] with a port, such as 127.0.0.1:${port}, but ${found}`,
    );
  }
  const origin = readHeader(request, "origin");
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    throw new Refusal(403, "Cannot answer: the request comes from a page of another origin");
  }
}

/**
 * Checks `Sec-Fetch-Site`, which browsers send and pages cannot change. Only the page itself may request data. Only the page, or
 * a user who types the address, may request the page's files. Any link may open the page, for example in a notebook: without the
 * token the page shows nothing, and it cannot be shown in a frame.
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
  throw new Refusal(403, "Cannot answer: the request comes from a page of another site");
}

/**
 * Checks `Authorization: Bearer TOKEN` in a time that does not depend on how much of the token is right. The scheme `Bearer`
 * may have any case and any number of spaces after it. Source: RFC 9110, section 11.
 *
 * @throws {Refusal} 401 if it is missing or wrong
 */
export function checkToken(request: ReceivedRequest, token: string): void {
  const given = /^bearer +(.+)$/i.exec(readHeader(request, "authorization") ?? "")?.[1];
  if (given !== undefined && timingSafeEqual(digest(given), digest(token))) return;
  throw new Refusal(
    401,
    'Cannot answer: the header Authorization must be "Bearer TOKEN" with the token of the server, but the token is missing or wrong',
    { headers: { "WWW-Authenticate": "Bearer" } },
  );
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
