import { assertEquals } from "@std/assert";
import { type Access, checkAddress, checkFetchSite, checkToken } from "../../src/serve/guard.ts";
import { readRequest, type ReceivedRequest } from "../../src/serve/received_request.ts";
import { Refusal } from "../../src/serve/refusal.ts";

const PORT = 4750;

function request(url: string, ...rawHeaders: string[]): ReceivedRequest {
  return readRequest({ httpVersion: "1.1", method: "GET", url, rawHeaders });
}

/** Gives the status of a refusal; 200 if there is none. */
function statusOf(check: () => void): number {
  try {
    check();
    return 200;
  } catch (error) {
    if (error instanceof Refusal) return error.status;
    throw error;
  }
}

function addressStatus(url: string, ...headers: string[]): number {
  return statusOf(() => checkAddress(request(url, ...headers), PORT));
}

Deno.test("checkAddress() accepts the three names of loopback with any port, and no other host", () => {
  const right = [
    ...["127.0.0.1:4750", "localhost:4750", "[::1]:4750", "LOCALHOST:4750", "localhost.:4750"],
    ...["127.0.0.1:9999", "localhost:80", "127.0.0.1", "localhost"], // as through a tunnel
  ];
  for (const host of right) assertEquals(addressStatus("/", "Host", host), 200, host);
  const wrong = [
    "",
    "127.0.0.1:04750",
    "127.0.0.1:475000",
    "127.0.0.1:",
    "127.0.0.1:0",
    "localhost..:4750",
    "[::1].:4750",
    "localhost:4750.",
    "localhost.evil:4750",
    "localhost.evil",
    "evil.localhost:4750",
    "evil-127.0.0.1:4750",
    "127.0.0.1.evil:4750",
    "127.0.0.1.nip.io:4750",
    "user@localhost:4750",
    "user:pass@127.0.0.1:4750",
    "localhost:4750@evil",
    "localhost:4750/",
    "localhost:4750#",
    "localhost:4750?",
    "localhost:4750,evil",
    "localhost:4750 evil",
    "evil.example",
    "0.0.0.0:4750",
    "127.1:4750",
    "2130706433:4750",
    "0x7f000001:4750",
    "::1:4750",
    "[::]:4750",
    "[::ffff:127.0.0.1]:4750",
    "[0:0:0:0:0:0:0:1]:4750",
    "xn--localhost-:4750",
    "\u0000localhost:4750",
  ];
  for (const host of wrong) assertEquals(addressStatus("/", "Host", host), 421, host);
});

Deno.test("checkAddress() says which host is expected, and which was found", () => {
  const message = (...headers: string[]): string => {
    try {
      checkAddress(request("/", ...headers), PORT);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const expected =
    "Cannot answer: the header Host must be 127.0.0.1, localhost or [::1] with a port, such as 127.0.0.1:4750, but is ";
  assertEquals(message("Host", "box.example:9999"), `${expected}"box.example:9999"`);
  assertEquals(message(), `${expected}missing`);
  assertEquals(message("Host", "x".repeat(9000)), `${expected}"${"x".repeat(100)}"`);
});

Deno.test("checkAddress() refuses a host that is missing or comes twice, even if both are right", () => {
  assertEquals(addressStatus("/"), 421);
  const host = ["Host", "localhost:4750"];
  assertEquals(addressStatus("/", ...host, ...host), 400);
  assertEquals(addressStatus("/", ...host, "HOST", "evil"), 400);
});

Deno.test("checkAddress() refuses targets that are not paths", () => {
  for (const url of ["", "*", "http://localhost:4750/", "http://evil/", "localhost:4750", "?a"]) {
    assertEquals(addressStatus(url, "Host", "localhost:4750"), 400, url);
  }
});

Deno.test("checkAddress() refuses other versions of HTTP", () => {
  const rawHeaders = ["Host", "localhost:4750"];
  for (const httpVersion of ["0.9", "1.0", "2.0"]) {
    const old = readRequest({ httpVersion, method: "GET", url: "/", rawHeaders });
    assertEquals(statusOf(() => checkAddress(old, PORT)), 505, httpVersion);
  }
});

Deno.test("checkAddress() accepts the origin of the requested host, and no other", () => {
  const status = (...origins: string[]): number =>
    addressStatus("/", "Host", "localhost:4750", ...origins.flatMap((each) => ["Origin", each]));
  assertEquals(status("http://localhost:4750"), 200);
  assertEquals(status("HTTP://LOCALHOST:4750"), 200);
  const wrong = [
    "",
    "null",
    "http://127.0.0.1:4750",
    "https://localhost:4750",
    "http://localhost",
    "http://localhost:4751",
    "http://localhost:4750/",
    "http://localhost:4750.evil",
    "http://evil.example",
    "http://user@localhost:4750",
    "localhost:4750",
    "file://",
    "chrome-extension://abcdef",
    "http://localhost:4750, http://evil.example",
  ];
  for (const origin of wrong) assertEquals(status(origin), 403, origin);
  assertEquals(status("http://localhost:4750", "http://localhost:4750"), 400);
});

Deno.test("checkFetchSite() lets other sites open only the page", () => {
  const navigate = ["Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"];
  const frame = ["Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"];
  const fetched = ["Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "script"];
  const rows: [Access, string, string[], number][] = [
    ["page", "none", navigate, 200],
    ["page", "same-origin", navigate, 200],
    ["page", "cross-site", navigate, 200],
    ["page", "same-site", navigate, 200],
    ["page", "cross-site", frame, 403],
    ["page", "cross-site", fetched, 403],
    ["page", "cross-site", [], 403],
    ["open", "none", navigate, 200],
    ["open", "same-origin", fetched, 200],
    ["open", "cross-site", navigate, 403],
    ["open", "cross-site", fetched, 403],
    ["open", "same-site", fetched, 403],
    ["token", "same-origin", fetched, 200],
    ["token", "none", navigate, 403],
    ["token", "same-site", fetched, 403],
    ["token", "cross-site", navigate, 403],
    ["token", "", fetched, 403],
    ["token", "Same-Origin", fetched, 403],
    ["token", "same-origin, cross-site", fetched, 403],
  ];
  for (const [access, site, headers, expected] of rows) {
    const asked = request("/", "Sec-Fetch-Site", site, ...headers);
    assertEquals(statusOf(() => checkFetchSite(asked, access)), expected, `${access} ${site}`);
  }
  assertEquals(statusOf(() => checkFetchSite(request("/"), "token")), 200); // curl sends none
});

Deno.test("checkToken() accepts the token after the scheme Bearer in any case, and no similar header", () => {
  const token = "abcdefghijklmnop";
  const status = (...values: string[]): number => {
    const headers = values.flatMap((value) => ["Authorization", value]);
    return statusOf(() => checkToken(request("/", ...headers), token));
  };
  for (const scheme of ["Bearer", "bearer", "BEARER", "Bearer "]) {
    assertEquals(status(`${scheme} ${token}`), 200, scheme);
  }
  const wrong = [
    "",
    "Bearer",
    "Bearer ",
    token,
    `Bearer${token}`,
    `Bearer\t${token}`,
    `Bearer ${token} `,
    `Bearer ${token}x`,
    `Bearer ${token.slice(1)}`,
    `Bearer ${token.toUpperCase()}`,
    `Basic ${btoa(`:${token}`)}`,
    `Bearer ${token}, Bearer ${token}`,
  ];
  for (const value of wrong) assertEquals(status(value), 401, value);
  assertEquals(status(), 401);
  assertEquals(status(`Bearer ${token}`, "Bearer other"), 400);
  for (const nothing of ["", "Bearer", "Bearer "]) {
    assertEquals(statusOf(() => checkToken(request("/", "Authorization", nothing), "")), 401);
  }
});
