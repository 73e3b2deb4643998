/** Requests that no page of ours sends, each with the statuses that may answer it. @module */
import { MAX_BODY_BYTES } from "../../src/serve/read_body.ts";
import type { RawRequest } from "../serve/raw_http.ts";
import { writeHead } from "../serve/raw_http.ts";
import { AUTHORIZATION, TOKEN } from "./serve_fake.ts";

/** One of them. */
export interface HostileRequest {
  readonly name: string;
  readonly request: RawRequest;
  /** What may come back; 0: the connection is closed without an answer. */
  readonly statuses: readonly number[];
}

/** All of them, for a server at a port. */
export function listHostileRequests(port: number): HostileRequest[] {
  return [
    ...listHosts(port),
    ...listOrigins(port),
    ...listTokens(port),
    ...listPaths(port),
    ...listMethods(port),
    ...listSmuggling(port),
    ...listHeads(port),
    ...listBodies(port),
  ];
}

const JSON_TYPE = "Content-Type: application/json";
const QUESTION = '{"run":0,"question":"1+1"}';

function listHosts(port: number): HostileRequest[] {
  const hosts = [
    "",
    "evil.example",
    `evil.example:${port}`,
    `localhost.evil:${port}`,
    `localhost:${port}.`,
    `user@localhost:${port}`,
    `localhost:${port}@evil.example`,
    `127.0.0.1:${port}00`,
    `127.0.0.1.nip.io:${port}`,
    `0.0.0.0:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `127.1:${port}`,
    `localhost:${port}, evil.example`,
    `localhost:${port}\tevil.example`,
  ];
  const targets = ["/", "/api/model?run=0"];
  return targets.flatMap((target) => [
    ...hosts.map((host) => ({
      name: `${target} of host "${host}"`,
      request: `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${AUTHORIZATION}\r\n\r\n`,
      statuses: [421],
    })),
    {
      name: `${target} without a host`,
      request: `GET ${target} HTTP/1.1\r\n${AUTHORIZATION}\r\n\r\n`,
      statuses: [421],
    },
    {
      name: `${target} with two hosts`,
      request: writeHead(port, `GET ${target}`, "Host: evil.example", AUTHORIZATION),
      statuses: [400],
    },
    {
      name: `${target} of another address in the target`,
      request: writeHead(port, `GET http://evil.example${target}`, AUTHORIZATION),
      statuses: [400],
    },
  ]);
}

function listOrigins(port: number): HostileRequest[] {
  const lines = [
    "Origin: http://evil.example",
    "Origin: null",
    `Origin: https://127.0.0.1:${port}`,
    `Origin: http://127.0.0.1:${port}.evil.example`,
    `Origin: http://localhost:${port}`,
    "Origin: file://",
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Site: same-site",
    "Sec-Fetch-Site: none",
  ];
  return lines.flatMap((line) => [
    {
      name: `news with ${line}`,
      request: writeHead(port, "GET /api/events", AUTHORIZATION, line),
      statuses: [403],
    },
    {
      name: `question with ${line}`,
      request: writeHead(
        port,
        "POST /api/ask",
        AUTHORIZATION,
        line,
        JSON_TYPE,
        `Content-Length: ${QUESTION.length}`,
      ) + QUESTION,
      statuses: [403],
    },
    {
      name: `preflight with ${line}`,
      request: writeHead(
        port,
        "OPTIONS /api/ask",
        line,
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: authorization",
        "Access-Control-Request-Private-Network: true",
      ),
      statuses: [403],
    },
  ]);
}

function listTokens(port: number): HostileRequest[] {
  const headers = [
    "X-Nothing: 1",
    "Authorization:",
    "Authorization: Bearer",
    `Authorization: Bearer ${TOKEN}x`,
    `Authorization: Bearer ${TOKEN.slice(0, -1)}`,
    `Authorization: bearer${TOKEN}`,
    `Authorization: Basic ${btoa(`user:${TOKEN}`)}`,
    `Authorization: Bearer ${"x".repeat(8000)}`,
    `Cookie: token=${TOKEN}`,
    `X-Authorization: Bearer ${TOKEN}`,
  ];
  const targets = ["/api/events", "/api/answers?run=0", "/api/model?run=0", "/api/nothing"];
  const wrong = targets.flatMap((target) =>
    headers.map((header) => ({
      name: `${target} with ${header.slice(0, 60)}`,
      request: writeHead(port, `GET ${target}`, header),
      statuses: [401],
    }))
  );
  return [...wrong, {
    name: "the token in the query",
    request: writeHead(port, `GET /api/model?run=0&token=${TOKEN}`),
    statuses: [401],
  }, {
    name: "two tokens",
    request: writeHead(port, "GET /api/model?run=0", AUTHORIZATION, "Authorization: Bearer x"),
    statuses: [400],
  }];
}

function listPaths(port: number): HostileRequest[] {
  const up = ["..", "%2e%2e", "%2E.", "..%00", "%252e%252e", "%c0%ae%c0%ae", "....", "..;"];
  const separators = ["/", "%2f", "%5c", "\\", "//", "%252f"];
  const climbs = up.flatMap((dots) =>
    separators.map((separator) => `/${Array(6).fill(dots).join(separator)}${separator}etc/passwd`)
  );
  const others = [
    "//etc/passwd",
    "/etc/passwd",
    "/proc/self/environ",
    "/./index.html",
    "/index.html",
    "/page.js/",
    "/page.js%00.css",
    "/page.js/../../deno.json",
    "/PAGE.JS",
    "/page.css;a=b",
    "/dashboard-token",
    "/run-0001/dashboard-token",
    "/latest.safetensors",
    "/api",
    "/api/",
    "/api//model",
    "/api/model/../ask",
    "/constructor",
    "/__proto__",
    "/toString",
    `/${"a".repeat(8000)}`,
  ];
  const queries = [
    "",
    "?",
    "?run=",
    "?run=1",
    "?run=-1",
    "?run=00",
    "?run=0.0",
    "?run=1e0",
    "?run=0&run=0",
    "?run=NaN",
    "?run=__proto__",
    "?run=../../etc/passwd",
    "?run=99999999999999999999",
    "?run=0%00",
    "?RUN=0",
  ];
  const paths = [...climbs, ...others];
  return [
    ...paths.map((path) => ({
      name: `path ${path.slice(0, 60)}`,
      request: writeHead(port, `GET ${path}`, AUTHORIZATION),
      statuses: [404],
    })),
    ...paths.slice(0, 12).map((path) => ({
      name: `path ${path.slice(0, 60)} without a token`,
      request: writeHead(port, `GET ${path}`),
      statuses: [401],
    })),
    ...queries.map((query) => ({
      name: `query "${query}"`,
      request: writeHead(port, `GET /api/model${query}`, AUTHORIZATION),
      statuses: [400],
    })),
  ];
}

function listMethods(port: number): HostileRequest[] {
  const methods = ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"];
  return [
    ...methods.flatMap((method) =>
      ["/", "/page.js", "/api/ask", "/api/events"].map((target) => ({
        name: `${method} ${target}`,
        request: writeHead(port, `${method} ${target}`, AUTHORIZATION),
        statuses: [405],
      }))
    ),
    ...["GET /api/ask", "HEAD /api/ask", "POST /", "POST /api/model?run=0"].map((line) => ({
      name: line,
      request: writeHead(port, line, AUTHORIZATION),
      statuses: [405],
    })),
    ...["BREW /", "get /", "GE\0T /", "CONNECT evil.example:443"].map((line) => ({
      name: JSON.stringify(line),
      request: writeHead(port, line, AUTHORIZATION),
      statuses: [400],
    })),
  ];
}

function listSmuggling(port: number): HostileRequest[] {
  const inner = writeHead(port, "GET /api/model?run=0", AUTHORIZATION);
  const post = (...headers: string[]): string =>
    writeHead(port, "POST /api/ask", AUTHORIZATION, JSON_TYPE, ...headers);
  const chunked = "Transfer-Encoding: chunked";
  const rows: [string, string, number[]][] = [
    ["length and chunks", post("Content-Length: 5", chunked) + `0\r\n\r\n${inner}`, [400]],
    ["chunks and length", post(chunked, "Content-Length: 5") + `0\r\n\r\n${inner}`, [400]],
    ["two lengths", post("Content-Length: 0", "Content-Length: 9") + inner, [400]],
    ["the same length twice", post("Content-Length: 0", "Content-Length: 0") + inner, [400]],
    ["list of lengths", post("Content-Length: 0, 9") + inner, [400]],
    ["negative length", post("Content-Length: -1") + inner, [400]],
    ["signed length", post("Content-Length: +5") + inner, [400]],
    ["length in hexadecimal", post("Content-Length: 0x5") + inner, [400]],
    ["huge length", post("Content-Length: 1e15"), [400]],
    ["length of 2^64", post("Content-Length: 18446744073709551616"), [400]],
    ["unknown coding", post("Transfer-Encoding: xchunked") + inner, [400]],
    ["coding after chunks", post("Transfer-Encoding: chunked, identity") + inner, [400]],
    ["two codings", post(chunked, "Transfer-Encoding: identity") + inner, [400]],
    ["space before the colon", post("Transfer-Encoding : chunked") + inner, [400]],
    ["folded header", post("Transfer-Encoding:\r\n chunked") + inner, [400]],
    ["chunk size with a sign", post(chunked) + `-1\r\n\r\n${inner}`, [400]],
    ["chunk size that is no number", post(chunked) + `xyz\r\n\r\n${inner}`, [400]],
    ["huge chunk size", post(chunked) + `ffffffffffffffffff\r\n\r\n${inner}`, [400]],
    ["chunk longer than said", post(chunked) + `1\r\nabcdef\r\n0\r\n\r\n`, [400]],
    ["bare line feeds", `GET / HTTP/1.1\nHost: 127.0.0.1:${port}\n\n`, [400]],
    ["bare carriage return", writeHead(port, "GET /", "X: a\rHost: evil"), [400]],
    ["NUL in a header", writeHead(port, "GET /", "X: a\0b"), [400]],
    ["header without a colon", writeHead(port, "GET /", "nothing"), [400]],
    ["header without a name", writeHead(port, "GET /", ": x"), [400]],
    ["GET with a body", writeHead(port, "GET /", `Content-Length: ${inner.length}`) + inner, [400]],
    ["GET with chunks", writeHead(port, "GET /", chunked) + `0\r\n\r\n`, [400]],
    ["requests at once", writeHead(port, "GET /").repeat(50), [0, 200]],
  ];
  return rows.map(([name, request, statuses]) => ({ name, request, statuses }));
}

function listHeads(port: number): HostileRequest[] {
  const rows: [string, RawRequest, number[]][] = [
    ["header of 200 KB", writeHead(port, "GET /", `X: ${"x".repeat(200_000)}`), [431]],
    ["target of 200 KB", `GET /${"x".repeat(200_000)} HTTP/1.1\r\n`, [431]],
    ["10,000 headers", writeHead(port, "GET /", ..."X: y,".repeat(1e4).split(",")), [431, 400]],
    ["endless headers", repeat(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`, "X: y\r\n"), [431]],
    ["endless first line", repeat("GET /", "aaaaaaaaaaaaaaaa"), [431]],
    ["endless method", repeat("GET", "TTTTTTTTTTTTTTTT"), [400, 431]],
    ["nothing but ends of lines", repeat("", "\r\n"), [400, 408, 431]],
    ["HTTP/0.9", "GET /\r\n\r\n", [505]],
    ["HTTP/1.0", `GET / HTTP/1.0\r\nHost: 127.0.0.1:${port}\r\n\r\n`, [505]],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]],
    ["HTTP/9.9", "GET / HTTP/9.9\r\n\r\n", [400]],
    ["TLS", new Uint8Array([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]), [400]],
    ["bytes", Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919 + 13) % 256), [400]],
    ["upgrade", writeHead(port, "GET /api/x", "Upgrade: websocket", "Connection: Upgrade"), [401]],
    [
      "another expectation",
      writeHead(port, "POST /api/ask", AUTHORIZATION, JSON_TYPE, "Expect: x"),
      [
        417,
      ],
    ],
    ["half a request", "GET / HTTP/1.1\r\nHost: 127", [408]],
    ["nothing", "", [408]],
  ];
  return rows.map(([name, request, statuses]) => ({ name, request, statuses }));
}

function listBodies(port: number): HostileRequest[] {
  const post = (...headers: string[]): string =>
    writeHead(port, "POST /api/ask", AUTHORIZATION, ...headers);
  const withLength = (body: string | Uint8Array, type = JSON_TYPE): RawRequest => {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    return [post(type, `Content-Length: ${bytes.length}`), bytes];
  };
  const json = [
    "",
    "{",
    "null",
    "1",
    '"text"',
    "[]",
    "{}",
    '{"run":0}',
    '{"question":"1+1"}',
    '{"run":"0","question":"1+1"}',
    '{"run":0.5,"question":"1+1"}',
    '{"run":-1,"question":"1+1"}',
    '{"run":-0.0,"question":1}',
    '{"run":1e999,"question":"1+1"}',
    '{"run":{"toString":"0"},"question":"1+1"}',
    '{"run":[0],"question":"1+1"}',
    '{"run":0,"question":["1+1"]}',
    '{"run":0,"question":null}',
    '{"run":0,"question":"\\ud800"}',
    '{"run":0,"question":"<img src=x onerror=alert(1)>"}',
    `{"run":0,"question":"${"9".repeat(60_000)}x"}`,
    '{"run":0,"question":"1+1","more":1}',
    '{"__proto__":{"run":0},"question":"1+1"}',
    '{"run":0,"question":"1+1","__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    "[".repeat(60_000),
    '{"a":'.repeat(10_000),
    `${"[".repeat(30_000)}${"]".repeat(30_000)}`,
    "\ufeff" + QUESTION,
    QUESTION + QUESTION,
  ];
  const rows: [string, RawRequest, number[]][] = [
    ...json.map((text): [string, RawRequest, number[]] => [
      `JSON ${text.slice(0, 40)}`,
      withLength(text),
      [400],
    ]),
    ["body that is not UTF-8", withLength(new Uint8Array([123, 255, 254, 125])), [400]],
    ["body one byte too long", withLength(" ".repeat(MAX_BODY_BYTES + 1)), [413]],
    ["body of 10 MB", withLength("x".repeat(1e7)), [413]],
    ["length of a petabyte", post(JSON_TYPE, "Content-Length: 1000000000000000"), [413]],
    ["endless chunks", [
      ...repeat(
        post(JSON_TYPE, "Transfer-Encoding: chunked"),
        "400\r\n" + "x".repeat(1024) + "\r\n",
        4096,
      ),
    ], [413]],
    ["chunks of a byte", repeat(post(JSON_TYPE, "Transfer-Encoding: chunked"), "1\r\nx\r\n"), [
      413,
    ]],
    ["half a body", post(JSON_TYPE, "Content-Length: 100") + "{", [408]],
    ["no type", post(`Content-Length: ${QUESTION.length}`) + QUESTION, [415]],
    ["text", withLength(QUESTION, "Content-Type: text/plain"), [415]],
    ["form", withLength("a=b", "Content-Type: application/x-www-form-urlencoded"), [415]],
    ["other letters", withLength(QUESTION, `${JSON_TYPE}; charset=utf-16`), [415]],
    ["more than the type", withLength(QUESTION, `${JSON_TYPE}, text/plain`), [415]],
    ["compressed", withLength("x", `${JSON_TYPE}\r\nContent-Encoding: gzip`), [415]],
    ["two types", withLength(QUESTION, `${JSON_TYPE}\r\nContent-Type: text/plain`), [400]],
    ["what fails inside", withLength('{"run":0,"question":"secret failure"}'), [500]],
  ];
  return rows.map(([name, request, statuses]) => ({ name, request, statuses }));
}

/** A beginning, and then the same again and again: far more than any limit, but not without end. */
function* repeat(first: string, rest: string, times = 2000): Generator<string> {
  yield first;
  const block = rest.repeat(Math.ceil(16_384 / rest.length));
  for (let i = 0; i < times; i++) yield block;
}
