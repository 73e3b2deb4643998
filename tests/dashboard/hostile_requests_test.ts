import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SECURITY_HEADERS } from "../../src/serve/answer.ts";
import { canUseNetwork } from "../permissions.ts";
import { exchange, type RawAnswer, writeHead } from "../serve/raw_http.ts";
import { type HostileRequest, listHostileRequests } from "./hostile_requests.ts";
import { serveFake, TOKEN } from "./serve_fake.ts";

/** Requests under way at a time. */
const AT_ONCE = 16;

/** Where the code is. */
const HERE = new URL("../../", import.meta.url).pathname;

/** What no answer may have in it: the token, a file's contents, a path, a stack. */
const SECRETS = [TOKEN, "root:", HERE, "file://", "at Object", ".ts:", "node:", "\u0001\u0002"];

function checkAnswer({ name, statuses }: HostileRequest, answer: RawAnswer): void {
  assert(statuses.includes(answer.status), `${name}: ${answer.status}, not ${statuses}`);
  for (const secret of SECRETS) assert(!answer.text.includes(secret), `${name}: has ${secret}`);
  if (answer.status === 0) return;
  for (const [header, value] of Object.entries(SECURITY_HEADERS)) {
    assertEquals(answer.headers.get(header), value, `${name}: ${header}`);
  }
  const cors = [...answer.headers.keys()].filter((header) => header.startsWith("access-control"));
  assertEquals(cors, [], name);
  if (answer.status < 400) return;
  assertEquals(answer.headers.get("connection"), "close", name);
  if (answer.status === 405) assert(answer.headers.has("allow"), name);
}

Deno.test({
  name: "a server refuses hostile requests, tells nothing, and goes on answering",
  ignore: !canUseNetwork,
  async fn(): Promise<void> {
    await using served = await serveFake({ serverLimits: { headersMs: 2000, requestMs: 3000 } });
    const { port } = served.server;
    const requests = listHostileRequests(port);
    assert(requests.length >= 200, `only ${requests.length} requests`);
    const left = requests.values();
    const work = async (): Promise<void> => {
      for (const hostile of left) {
        checkAnswer(hostile, await exchange(port, hostile.request));
        const { status, body } = await exchange(port, writeHead(port, "GET /"));
        assertEquals(status, 200, `after ${hostile.name}`);
        assertStringIncludes(body, "<!DOCTYPE html>");
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    assertEquals(served.errors.map(String), ["Error: /etc/passwd at line 1"]);
    assertEquals(Object.keys(Object.prototype), []);
  },
});
