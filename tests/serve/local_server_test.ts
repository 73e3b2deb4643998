import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { answerJson } from "../../src/serve/answer.ts";
import { LocalServer } from "../../src/serve/local_server.ts";
import type { Route } from "../../src/serve/routes.ts";
import { SERVER_LIMITS, type ServerLimits } from "../../src/serve/server_limits.ts";
import { canUseNetwork } from "../permissions.ts";
import { exchange, writeHead } from "./raw_http.ts";

/** A server with one route, `/`, which needs no token. */
function startServer(
  answer: Route["answer"],
  limits: Partial<ServerLimits> = {},
): Promise<LocalServer> {
  return LocalServer.start({
    routes: new Map([["/", { method: "GET", access: "open", answer }]]),
    token: "",
    ports: [0],
    reportError: (error) => {
      throw error;
    },
    limits: { ...SERVER_LIMITS, ...limits },
  });
}

Deno.test({
  name: "a connection is used again after an answer, and closed after a refusal",
  ignore: !canUseNetwork,
  async fn(): Promise<void> {
    let asked = 0;
    await using server = await startServer(() => answerJson(++asked));
    const { port } = server;
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const buffer = new Uint8Array(4096);
    let text = "";
    const send = (line: string): Promise<number> =>
      connection.write(new TextEncoder().encode(writeHead(port, line)));
    for (const line of ["GET /", "GET /", "PUT /"]) {
      await send(line);
      const length = await connection.read(buffer);
      text = new TextDecoder().decode(buffer.subarray(0, length ?? 0));
    }
    assertEquals(asked, 2);
    assertStringIncludes(text, "405 Method Not Allowed");
    assertEquals(await connection.read(buffer), null);
  },
});

Deno.test({
  name: "a server that stops completes its answer, and accepts no further request",
  ignore: !canUseNetwork,
  async fn(): Promise<void> {
    const gate = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const server = await startServer(async () => {
      asked.resolve();
      await gate.promise;
      return answerJson("late");
    });
    const answer = exchange(server.port, writeHead(server.port, "GET /"));
    await asked.promise;
    const stopped = server[Symbol.asyncDispose]();
    gate.resolve();
    const { status, headers, body } = await answer;
    assertEquals([status, headers.get("connection"), body], [200, "close", '"late"\n']);
    await stopped;
    assertEquals(server.connections, 0);
  },
});

Deno.test({
  name: "a server that stops drops an answer that is too late",
  ignore: !canUseNetwork,
  async fn(): Promise<void> {
    const gate = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const server = await startServer(async () => {
      asked.resolve();
      await gate.promise;
      return answerJson("too late");
    }, { stopMs: 1 });
    const answer = exchange(server.port, writeHead(server.port, "GET /"));
    await asked.promise;
    await server[Symbol.asyncDispose]();
    assertEquals((await answer).status, 0);
    gate.resolve();
  },
});

Deno.test({
  name: "an answer that the client does not read is dropped after a time",
  ignore: !canUseNetwork,
  async fn(): Promise<void> {
    const body = new Uint8Array(64 * 2 ** 20); // more than the system takes on the way
    const large = { status: 200, type: "application/octet-stream", body };
    await using server = await startServer(() => large, { takeMs: 200 });
    const { port } = server;
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(new TextEncoder().encode(writeHead(port, "GET /")));
    do await exchange(port, writeHead(port, "GET /nothing")); while (server.connections > 0);
    const buffer = new Uint8Array(1 << 20);
    let size = 0;
    for (let length: number | null = 0; length !== null; size += length ?? 0) {
      length = await connection.read(buffer).catch(() => null); // the end, or a reset
    }
    assert(size < body.length);
  },
});

Deno.test({
  name: "a refusal says whether a request is incomplete, too large, or has a key twice",
  ignore: !canUseNetwork,
  async fn(): Promise<void> {
    await using server = await LocalServer.start({
      routes: new Map([["/", {
        method: "POST",
        access: "open",
        answer: () => Promise.resolve(answerJson("read")),
      }]]),
      token: "",
      ports: [0],
      reportError: (error) => {
        throw error;
      },
    });
    const { port } = server;
    const twice = '{"a":1,"\\u0061":2}';
    const json = ["Content-Type: application/json", `Content-Length: ${twice.length}`];
    const requests: [string, number, string][] = [
      ["GET / HT\r\n\r\n", 400, "complete HTTP/1.1 request"],
      [writeHead(port, "POST /", `X: ${"x".repeat(20_000)}`), 431, "at most 16384 bytes"],
      [writeHead(port, "POST /", ...json) + twice, 400, "every key once"],
    ];
    for (const [request, status, reason] of requests) {
      const answer = await exchange(port, request);
      assertEquals(answer.status, status, reason);
      assertStringIncludes(answer.body, reason);
    }
  },
});
