/** Sends answers, also to clients that do not read them. @module */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Answer, answerRefusal, SECURITY_HEADERS } from "./answer.ts";
import { Refusal } from "./refusal.ts";
import { MAX_HEADER_BYTES } from "./server_limits.ts";

/** How to send an answer. */
export interface SendOptions {
  /** Milliseconds that the client has to read a complete answer. */
  readonly takeMs: number;
  /** Whether the connection is closed after it. */
  readonly last: boolean;
}

/** Milliseconds and bytes for which the body of a refused request is still read, so that the refusal arrives. */
const LINGER_MS = 500;
const LINGER_BYTES = 1 << 20;

/** Sends an answer. After a refusal it closes the connection, so that the rest of the body is not read as a request. */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  { takeMs, last }: SendOptions,
): void {
  response.on("error", () => {}); // the client has disconnected: "close" follows
  if ("stream" in answer) {
    response.writeHead(200, { ...SECURITY_HEADERS, "Content-Type": answer.type });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    response.flushHeaders();
    answer.stream(response);
    return;
  }
  const timer = setTimeout(() => response.destroy(), takeMs);
  response.once("close", () => clearTimeout(timer));
  const refused = answer.status >= 400;
  response.writeHead(answer.status, {
    ...SECURITY_HEADERS,
    ...answer.headers,
    "Content-Type": answer.type,
    "Content-Length": answer.body.length,
    ...(refused || last ? { Connection: "close" } : {}),
  });
  const body = request.method === "HEAD" ? new Uint8Array() : answer.body;
  if (request.complete || !refused) {
    response.end(body);
    return;
  }
  response.write(body);
  linger(request, () => response.end());
}

/** What a request must be, by the status for one that is not. */
const REQUIREMENTS = {
  400: "it must be a complete HTTP/1.1 request",
  408: "it must be complete in time, but took too long",
  431: `its path and its headers must have at most ${MAX_HEADER_BYTES} bytes, but have more`,
} as const;

/** Answers bytes that are not an HTTP request, and closes the connection. */
export function sendRawRefusal(socket: Duplex, status: 400 | 408 | 431): void {
  const { type, body } = answerRefusal(
    new Refusal(status, `Cannot read the request: ${REQUIREMENTS[status]}`),
  );
  const headers = {
    ...SECURITY_HEADERS,
    "Content-Type": type,
    "Content-Length": body.length,
    Connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n`;
  socket.on("error", () => {}); // it may be closed already
  if (socket.writable) socket.end(head + new TextDecoder().decode(body), () => socket.destroy());
  else socket.destroy();
}

/** Continues to read for a while. A connection that is closed with unread bytes is reset, and a reset may overtake the answer. */
function linger(request: IncomingMessage, done: () => void): void {
  let size = 0;
  let finished = false;
  const finish = (): void => {
    clearTimeout(timer);
    request.off("data", count);
    if (!finished) done();
    finished = true;
  };
  const count = (part: Uint8Array): void => {
    size += part.length;
    if (size > LINGER_BYTES) finish();
  };
  const timer = setTimeout(finish, LINGER_MS);
  request.once("end", finish);
  request.once("close", finish);
  request.on("data", count);
  request.resume();
}
