/**
 * An HTTP server that listens only on 127.0.0.1. It is built on `node:http`, because `Deno.serve` does not limit the time of a
 * request (300 half-open connections were all open after 45 s) and hides that a header came twice.
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type Answer, answerRefusal } from "./answer.ts";
import { type Connections, createConnections } from "./connections.ts";
import { checkAddress } from "./guard.ts";
import { listen } from "./listen.ts";
import { checkBodyHeaders, checkNoBody, readJson } from "./read_body.ts";
import { readHeader, readRequest, type ReceivedRequest } from "./received_request.ts";
import { Refusal } from "./refusal.ts";
import { findRoute, type Routes } from "./routes.ts";
import { MAX_HEADER_BYTES, SERVER_LIMITS, type ServerLimits } from "./server_limits.ts";
import { sendAnswer, sendRawRefusal } from "./send.ts";

/** Options of a server. */
export interface LocalServerOptions {
  /** The answers by path. */
  readonly routes: Routes;
  /** The token that requests must have. */
  readonly token: string;
  /** Ports to try in turn; 0 means any free port. */
  readonly ports: readonly number[];
  /** Called with every error that is not sent to the client. */
  readonly reportError: (error: unknown) => void;
  /** Default SERVER_LIMITS. */
  readonly limits?: ServerLimits;
}

/** A server. Disposing of it stops the server. */
export class LocalServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #options: LocalServerOptions;
  readonly #limits: ServerLimits;
  readonly #connections: Connections;
  #port = 0;
  #stopping: Promise<void> | undefined;

  private constructor(options: LocalServerOptions) {
    const limits = options.limits ?? SERVER_LIMITS;
    this.#options = options;
    this.#limits = limits;
    this.#connections = createConnections(limits.connections);
    this.#server = createServer({
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.headersMs,
      connectionsCheckingInterval: Math.ceil(limits.headersMs / 5),
      maxHeaderSize: MAX_HEADER_BYTES,
      requireHostHeader: false, // the guard refuses a missing host, and sends all headers
    });
    const handle = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#handle(request, response);
    this.#server.on("connection", (socket) => this.#connections.add(socket));
    this.#server.on("request", handle);
    this.#server.on("checkContinue", handle);
    this.#server.on("checkExpectation", handle);
    this.#server.on("connect", (_, socket: Duplex) => sendRawRefusal(socket, 400));
    this.#server.on("clientError", (error: Error & { code?: string }, socket: Duplex) => {
      sendRawRefusal(socket, STATUS_OF_ERROR[error.code ?? ""] ?? 400);
    });
  }

  /**
   * Starts to listen on 127.0.0.1.
   *
   * @throws {Error} if it can listen on none of the ports
   */
  static async start(options: LocalServerOptions): Promise<LocalServer> {
    const server = new LocalServer(options);
    server.#port = await listen(server.#server, options.ports);
    server.#server.on("error", options.reportError); // without a listener the event would end the process
    return server;
  }

  /** The port. */
  get port(): number {
    return this.#port;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Stops the server. It reads no further request, gives answers that have begun `stopMs`, then closes every connection. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#stopping ??= new Promise((resolve) => {
      const timer = setTimeout(() => this.#server.closeAllConnections(), this.#limits.stopMs);
      this.#server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#connections.destroy(["waiting", "receiving"]);
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    const state = this.#connections.stateOf(socket);
    if (state !== "waiting" && state !== "sending") {
      socket.destroy(); // a second request came before the first was answered: no browser does this
      return;
    }
    this.#connections.enter(socket, "receiving");
    const answer = await this.#answer(request, response);
    if (socket.destroyed) return;
    const streams = "stream" in answer && request.method !== "HEAD";
    this.#connections.enter(socket, streams ? "streaming" : "sending");
    response.once("finish", () => {
      if (this.#stopping !== undefined) socket.destroy();
      if (this.#connections.stateOf(socket) === "sending") {
        this.#connections.enter(socket, "waiting");
      }
    });
    const last = this.#stopping !== undefined;
    try {
      sendAnswer(request, response, answer, { takeMs: this.#limits.takeMs, last });
    } catch (error) {
      socket.destroy();
      this.#options.reportError(error);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<Answer> {
    const { routes, token, reportError } = this.#options;
    try {
      const received = readRequest(request);
      checkAddress(received, this.#port);
      const route = findRoute(received, routes, token);
      if (route.method === "GET") checkNoBody(received);
      else checkBodyHeaders(received);
      if (expectsContinue(received)) response.writeContinue();
      const body = route.method === "GET" ? undefined : await readJson(request);
      this.#connections.enter(request.socket, "answering");
      return await route.answer({ query: received.query, body });
    } catch (error) {
      if (error instanceof Refusal) return answerRefusal(error);
      reportError(error);
      return answerRefusal(
        new Refusal(500, "Cannot answer: the server failed, and its terminal shows the reason"),
      );
    }
  }
}

/** Says whether the client waits for `100 Continue` before it sends the body. @throws {Refusal} 417 if it expects something else */
function expectsContinue(request: ReceivedRequest): boolean {
  const expected = readHeader(request, "expect");
  if (expected === undefined) return false;
  if (expected.toLowerCase() === "100-continue") return true;
  throw new Refusal(417, "Cannot answer: the header Expect must be 100-continue");
}

/** Status for errors of the HTTP parser; for any other it is 400. */
const STATUS_OF_ERROR: Readonly<Record<string, 408 | 431>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};
