import { assertEquals } from "@std/assert";
import { type Connection, createConnections } from "../../src/serve/connections.ts";

/** A connection with a name; it notes when it is destroyed. */
function connect(name: string, destroyed: string[]): Connection & { close(): void } {
  const listeners: (() => void)[] = [];
  return {
    destroy: () => destroyed.push(name),
    once: (_, listener) => listeners.push(listener),
    close: () => listeners.forEach((listener) => listener()),
  };
}

Deno.test("connections are replaced: first those that wait longest, then those that are half received", () => {
  const destroyed: string[] = [];
  const connections = createConnections(3);
  const [a, b, c] = ["a", "b", "c"].map((name) => connect(name, destroyed));
  for (const each of [a!, b!, c!]) connections.add(each);
  connections.enter(a!, "receiving");
  connections.enter(b!, "answering");
  connections.add(connect("d", destroyed));
  assertEquals(destroyed, ["c"]);
  const d = connect("e", destroyed);
  connections.add(d);
  assertEquals(destroyed, ["c", "d"]);
  connections.enter(d, "answering");
  connections.add(connect("f", destroyed));
  assertEquals(destroyed, ["c", "d", "a"]);
  assertEquals(connections.size, 3);
});

Deno.test("a connection that waits again after an answer is replaced last", () => {
  const destroyed: string[] = [];
  const connections = createConnections(2);
  const [a, b] = ["a", "b"].map((name) => connect(name, destroyed));
  for (const each of [a!, b!]) connections.add(each);
  connections.enter(a!, "answering");
  connections.enter(a!, "waiting");
  connections.add(connect("c", destroyed));
  assertEquals(destroyed, ["b"]);
});

Deno.test("streams are not replaced, and closed connections are removed", () => {
  const destroyed: string[] = [];
  const connections = createConnections(1);
  const stream = connect("stream", destroyed);
  connections.add(stream);
  connections.enter(stream, "streaming");
  const next = connect("next", destroyed);
  connections.add(next);
  assertEquals(destroyed, []);
  stream.close();
  assertEquals([connections.size, connections.stateOf(stream)], [1, undefined]);
  connections.enter(stream, "waiting");
  assertEquals(connections.size, 1);
  connections.destroy(["waiting"]);
  assertEquals(destroyed, ["next"]);
});
