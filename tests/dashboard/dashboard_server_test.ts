import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createServer } from "node:http";
import { startDashboard } from "../../src/dashboard/dashboard_server.ts";
import { PAGE_ASSETS } from "../../src/dashboard/page_assets.ts";
import { listen } from "../../src/serve/listen.ts";
import { MAX_BODY_BYTES } from "../../src/serve/read_body.ts";
import { canUseNetwork } from "../permissions.ts";
import { exchange, writeHead } from "../serve/raw_http.ts";
import { createFakeRun } from "./fake_run.ts";
import {
  AUTHORIZATION,
  type FakeOptions,
  type ServedFake,
  serveFake,
  TOKEN,
} from "./serve_fake.ts";

/** A test with a server of its own. */
function testServer(
  name: string,
  body: (served: ServedFake) => Promise<void>,
  options?: FakeOptions,
): void {
  Deno.test({
    name,
    ignore: !canUseNetwork,
    async fn(): Promise<void> {
      await using served = await serveFake(options);
      await body(served);
    },
  });
}

function ask(port: number, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { Authorization: `Bearer ${TOKEN}`, ...init.headers };
  return fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers });
}

function askQuestion(port: number, body: string): Promise<Response> {
  const headers = { "Content-Type": "application/json" };
  return ask(port, "/api/ask", { method: "POST", headers, body });
}

testServer(
  "the page's files are served without a token, each with its type",
  async ({ server }) => {
    const types = ["text/html", "text/css", "text/javascript", "image/svg+xml"];
    const names = ["index.html", "page.css", "page.js", "icon.svg"] as const;
    for (const [i, name] of names.entries()) {
      const path = name === "index.html" ? "/" : `/${name}`;
      const { status, headers, body } = await exchange(
        server.port,
        writeHead(server.port, `GET ${path}`),
      );
      assertEquals(status, 200);
      assertStringIncludes(headers.get("content-type")!, types[i]!);
      assertEquals(
        body,
        new TextDecoder("latin1").decode(new TextEncoder().encode(PAGE_ASSETS[name])),
      );
    }
  },
);

testServer("every answer has the headers that shut others out", async ({ server }) => {
  const { headers } = await exchange(server.port, writeHead(server.port, "GET /"));
  const policy = headers.get("content-security-policy")!.split("; ");
  for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) {
    assert(policy.includes(rule), rule);
  }
  assert(
    !policy.some((rule) => /unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|\*|http/.test(rule)),
  );
  assertEquals(headers.get("x-content-type-options"), "nosniff");
  assertEquals(headers.get("referrer-policy"), "no-referrer");
  assertEquals(headers.get("cross-origin-resource-policy"), "same-origin");
  assertEquals(headers.get("cross-origin-opener-policy"), "same-origin");
  assertEquals(headers.get("cache-control"), "no-store");
});

testServer(
  "questions, answers and the model are answered to who has the token",
  async ({ server }) => {
    const { port } = server;
    const answered = await (await askQuestion(port, '{"run":0,"question":"12+34"}')).json();
    assertEquals([answered.question, answered.answer, answered.step], ["12+34", "46", 7]);
    const wrong = await askQuestion(port, '{"run":0,"question":"<b>"}');
    assertEquals(wrong.status, 400);
    assertEquals(await wrong.json(), { error: 'Cannot read "<b>": it is no sum' });
    const answers = await ask(port, "/api/answers?run=0");
    assertEquals((await answers.json()).guesses, ["2"]);
    const model = await ask(port, "/api/model?run=0");
    assertEquals(model.headers.get("content-type"), "application/octet-stream");
    assertEquals(await model.bytes(), new Uint8Array([1, 2, 3, 255]));
  },
);

testServer("HEAD is answered as GET, without the body", async ({ server }) => {
  const { port } = server;
  for (const path of ["/", "/page.js", "/api/answers?run=0", "/api/model?run=0", "/api/nothing"]) {
    const [got, head] = await Promise.all(
      ["GET", "HEAD"].map((method) => ask(port, path, { method })),
    );
    assertEquals([head!.status, await head!.text()], [got!.status, ""], path);
    const headers = [got!, head!].map((response) =>
      [...response.headers].filter(([name]) => name !== "date")
    );
    assertEquals(headers[1], headers[0], path);
    await got!.body?.cancel();
  }
  const events = await ask(port, "/api/events", { method: "HEAD" });
  assertEquals([events.status, events.headers.get("content-type"), server.clients], [
    200,
    "text/event-stream",
    0,
  ]);
  const unknown = await fetch(`http://127.0.0.1:${port}/api/model?run=0`, { method: "HEAD" });
  assertEquals(unknown.status, 401);
});

testServer("a connection goes on after HEAD: nothing of a body comes", async ({ server }) => {
  const { port } = server;
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const send = async (line: string): Promise<void> => {
    await connection.write(new TextEncoder().encode(writeHead(port, line, AUTHORIZATION)));
  };
  const read = async (end: string): Promise<string> => {
    const buffer = new Uint8Array(4096);
    let text = "";
    while (!text.endsWith(end)) {
      const length = await connection.read(buffer);
      if (length === null) break;
      text += new TextDecoder().decode(buffer.subarray(0, length));
    }
    return text;
  };
  for (const path of ["/icon.svg", "/api/answers?run=0", "/api/events"]) {
    await send(`HEAD ${path}`);
    const head = await read("\r\n\r\n");
    assert(head.startsWith("HTTP/1.1 200 OK\r\n") && head.endsWith("\r\n\r\n"), head);
    await send("GET /icon.svg");
    const all = await read("</svg>\n");
    assert(all.startsWith("HTTP/1.1 200 OK\r\n") && all.endsWith("</svg>\n"), all);
  }
});

testServer(
  "bodies of just the limit are read, in chunks and after Expect, too",
  async ({ server }) => {
    const { port } = server;
    const body = '{"run":0,"question":"1+1"}'.padEnd(MAX_BODY_BYTES);
    const head = (...headers: string[]): string =>
      writeHead(port, "POST /api/ask", AUTHORIZATION, "Content-Type: application/json", ...headers);
    const length = `Content-Length: ${body.length}`;
    const chunks = body.match(/.{1,5000}/g)!.map((part) =>
      `${part.length.toString(16)}\r\n${part}\r\n`
    );
    const requests = [
      [head(length), body],
      [head(length, "Expect: 100-continue"), body],
      [head("Transfer-Encoding: chunked"), ...chunks, "0\r\n\r\n"],
    ];
    for (const request of requests) assertEquals((await exchange(port, request)).status, 200);
  },
);

testServer("an error inside is told to the server's owner alone", async ({ server, errors }) => {
  const response = await askQuestion(server.port, '{"run":0,"question":"secret failure"}');
  assertEquals([response.status, await response.json()], [500, {
    error: "Cannot answer: the server failed, and its terminal shows the reason",
  }]);
  assertEquals(errors.map(String), ["Error: /etc/passwd at line 1"]);
});

testServer("only 127.0.0.1 is listened on", async ({ server }) => {
  // All of 127.0.0.0/8 is this machine on Linux: a server bound to every interface would answer at 127.0.0.2.
  await assertRejects(() => Deno.connect({ hostname: "127.0.0.2", port: server.port }));
  await assertRejects(() => Deno.connect({ hostname: "::1", port: server.port }));
  (await Deno.connect({ hostname: "127.0.0.1", port: server.port })).close();
});

testServer(
  "1,000 half-open connections stop no request, and are closed when their time is over",
  async ({ server }) => {
    const { port } = server;
    const half = await Promise.all(Array.from({ length: 1000 }, async (_, i) => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      const bytes = new TextEncoder().encode(i % 2 === 0 ? "GET / HTTP/1.1\r\nHost" : "");
      await connection.write(bytes).catch(() => {}); // it may have given way already
      return connection;
    }));
    assert(server.connections <= 512, `${server.connections} are open`);
    assertEquals((await exchange(port, writeHead(port, "GET /"))).status, 200);
    await Promise.all(half.map(readToEnd)); // without the time limit this does not end
    assertEquals((await exchange(port, writeHead(port, "GET /"))).status, 200);
  },
  { serverLimits: { headersMs: 500 } },
);

/** Waits until the other end closes. */
async function readToEnd(connection: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(4096);
  try {
    while (await connection.read(buffer) !== null);
  } catch { /* reset */ }
  connection.close();
}

Deno.test({
  name:
    "startDashboard() takes the next port where one is in use, and says so of one that was asked for",
  ignore: !canUseNetwork,
  async fn(): Promise<void> {
    await using served = await serveFake();
    const { port } = served.server;
    const other = createServer();
    assert(await listen(other, [port, 0]) !== port);
    await new Promise((resolve) => other.close(resolve));
    const options = { port, token: TOKEN, reportError: () => {} };
    await assertRejects(
      () => startDashboard([createFakeRun()], options),
      Error,
      `Cannot listen on 127.0.0.1 at port ${port}: another program uses it`,
    );
    await assertRejects(() => startDashboard([], options), RangeError, "no run was given");
  },
});
