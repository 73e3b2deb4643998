import { assertEquals, assertRejects } from "@std/assert";
import type { Engine, EngineListener } from "../../src/playground/engine.ts";
import { reachEngine, serveEngine } from "../../src/playground/engine_calls.ts";

/** An engine of which a test uses three methods; the others are absent. */
function makeEngine(listen: (listener: EngineListener) => void): Engine {
  const part: Pick<Engine, "listen" | "ask" | "pause"> = {
    listen(listener): Promise<void> {
      listen(listener);
      return Promise.resolve();
    },
    ask: (question) => Promise.reject(new Error(`Cannot read "${question}"`)),
    pause: () => Promise.resolve(),
  };
  return part as Engine;
}

/** The two ends of a channel, as a page and its worker have them. */
function openEnds(): Disposable & { readonly page: MessagePort; readonly worker: MessagePort } {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  port2.start();
  return {
    ...{ page: port1, worker: port2 },
    [Symbol.dispose](): void {
      port1.close();
      port2.close();
    },
  };
}

Deno.test("what an engine reports comes to the page in the order of its answers", async () => {
  using ends = openEnds();
  let listener: EngineListener | undefined;
  serveEngine(makeEngine((given) => listener = given), ends.worker);
  const remote = reachEngine(ends.page);
  const heard: string[] = [];
  await remote.listen({ update: () => heard.push("update"), note: (text) => heard.push(text) });
  listener!.note("one");
  listener!.note("two");
  await remote.call("pause", []);
  assertEquals(heard, ["one", "two"]);
});

Deno.test("the error of a call is its sentence, and other calls are answered", async () => {
  using ends = openEnds();
  serveEngine(makeEngine(() => {}), ends.worker);
  const { call } = reachEngine(ends.page);
  const refused = call("ask", ["12x"]);
  const paused = call("pause", []);
  await assertRejects(() => refused, Error, 'Cannot read "12x"');
  assertEquals(await paused, undefined);
});

Deno.test("what is transferred is given away, and what is no data is refused at once", async () => {
  using ends = openEnds();
  serveEngine(makeEngine(() => {}), ends.worker);
  const { call } = reachEngine(ends.page);
  const bytes = new Uint8Array(8);
  await assertRejects(() => call("openCheckpoint", [bytes], [bytes.buffer]));
  assertEquals(bytes.length, 0);
  const noData = (() => {}) as unknown as string;
  await assertRejects(() => call("ask", [noData]), DOMException);
});
