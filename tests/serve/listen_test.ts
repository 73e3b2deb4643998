import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createServer, type Server } from "node:http";
import { checkPortsAreFree, listen } from "../../src/serve/listen.ts";
import { canUseNetwork } from "../permissions.ts";

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

Deno.test({
  name: "listen() takes the next free port, and says which ports are in use if none is free",
  ignore: !canUseNetwork,
  async fn(): Promise<void> {
    const [first, other] = [createServer(), createServer()];
    const port = await listen(first, [0]);
    await assertRejects(
      () => listen(other, [port, port]),
      Error,
      `at the ports ${port} to ${port}: other programs use all of them`,
    );
    assertThrows(() => checkPortsAreFree([port]), Error, `port ${port}: another program uses it`);
    await close(first);
    assertEquals(await listen(other, [port, 0]), port);
    await close(other);
  },
});
