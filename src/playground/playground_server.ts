/** The server of the playground: one page, and nothing else. @module */
import type { WholeAnswer } from "../serve/answer.ts";
import { LocalServer } from "../serve/local_server.ts";
import { createToken } from "../serve/token.ts";
import { readPolicy } from "./render_playground.ts";
import { writePlayground } from "./write_playground.ts";

/** The ports to try if none is given. They are not those of the dashboard: what a browser keeps belongs to an address and its port. */
export const PLAYGROUND_PORTS: readonly number[] = Array.from({ length: 21 }, (_, i) => 4780 + i);

/** How to serve the page. */
export interface PlaygroundServerOptions {
  /** Port on 127.0.0.1; 0 means any free port. Default: the first free one of {@linkcode PLAYGROUND_PORTS}. */
  readonly port?: number;
  /** Is called with every error that the page is not told. */
  readonly reportError: (error: unknown) => void;
}

/** A server of the page. Disposing of it stops the server. */
export interface PlaygroundServer extends AsyncDisposable {
  /** Address of the page. It needs no token: the page holds nothing that was not published. */
  readonly url: string;
}

/**
 * Serves the playground on 127.0.0.1, isolated from other origins, so that the browser lets its threads share memory.
 *
 * @throws {Error} if the server cannot listen, with the reason
 */
export async function startPlaygroundServer(
  { port, reportError }: PlaygroundServerOptions,
): Promise<PlaygroundServer> {
  const page = await writePlayground();
  const answer: WholeAnswer = {
    status: 200,
    type: "text/html; charset=utf-8",
    body: new TextEncoder().encode(page),
    headers: {
      "Content-Security-Policy": `${readPolicy(page)}; frame-ancestors 'none'`,
      "Cross-Origin-Embedder-Policy": "require-corp",
    },
  };
  const server = await LocalServer.start({
    routes: new Map([["/", { method: "GET", access: "page", answer: () => answer }]]),
    token: createToken(), // no route asks for it
    ports: port === undefined ? PLAYGROUND_PORTS : [port],
    reportError,
  });
  return {
    url: `http://127.0.0.1:${server.port}/`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
