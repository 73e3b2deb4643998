import { assertEquals, assertRejects } from "@std/assert";
import type { Answered, RunStart, RunStatus } from "../../src/dashboard/protocol.ts";
import { createServerAsker, type LocalModel } from "../../src/dashboard/page/asker.ts";
import type { ServerClient } from "../../src/dashboard/page/server_client.ts";
import { applyUpdate, createState, type RunView } from "../../src/dashboard/page/state.ts";

function makeRun(state: RunStatus["state"], step: number): RunView {
  const runs = createState();
  const status = { state, step, reason: null, steps: 9, examplesPerSecond: null, leftMs: null };
  applyUpdate(runs, { run: 3, name: "a", reset: true, status });
  return runs.runs.get(3)!;
}

function answerWith(answer: string): Answered {
  const nothing = {
    probability: 1,
    chosen: [],
    alternatives: [],
    symbols: [],
    probabilities: [],
    step: 0,
  };
  return { question: "1+1", answer, ...nothing };
}

/** A server and models that note what is wanted of them. */
function makeWorld(load: () => void = () => {}): {
  readonly client: ServerClient;
  readonly create: (bytes: Uint8Array) => Promise<LocalModel>;
  readonly calls: string[];
} {
  const calls: string[] = [];
  const client: ServerClient = {
    openEvents: () => Promise.reject(new Error("is not opened")),
    answers: () => Promise.reject(new Error("is not asked")),
    ask(run, question): Promise<Answered> {
      calls.push(`ask ${run} ${question}`);
      return Promise.resolve(answerWith("server"));
    },
    model(run): Promise<Uint8Array> {
      calls.push(`model ${run}`);
      return Promise.resolve(Uint8Array.of(calls.length));
    },
  };
  const create = (bytes: Uint8Array): Promise<LocalModel> => {
    load();
    return Promise.resolve({
      ask: () => Promise.resolve(answerWith(`model ${bytes[0]}`)),
      [Symbol.dispose]: () => void calls.push(`dispose ${bytes[0]}`),
    });
  };
  return { client, create, calls };
}

Deno.test("a run that goes on is asked at the server", async () => {
  const { client, create, calls } = makeWorld();
  const asker = createServerAsker(client, create);
  assertEquals((await asker.ask(makeRun("training", 5), "1+1")).by, "server");
  assertEquals(calls, ["ask 3 1+1"]);
});

Deno.test("the model of a run that is over is loaded once, and again only when it went on", async () => {
  const { client, create, calls } = makeWorld();
  const asker = createServerAsker(client, create);
  for (const step of [5, 5, 9]) {
    assertEquals((await asker.ask(makeRun("interrupted", step), "1+1")).by, "browser");
  }
  assertEquals(calls, ["model 3", "model 3", "dispose 1"]);
});

Deno.test("the model of another run in the same place is loaded, even if it is at the same step", async () => {
  const { client, create, calls } = makeWorld();
  const asker = createServerAsker(client, create);
  for (const runId of ["one", "one", "two"]) {
    const run = makeRun("ended", 9);
    const start = { runId, run: "run" } as RunStart;
    await asker.ask({ ...run, start }, "1+1");
  }
  assertEquals(calls, ["model 3", "model 3", "dispose 1"]);
});

Deno.test("where the browser cannot load the model the server answers, and the reason is kept", async () => {
  const { client, create, calls } = makeWorld(() => {
    throw new SyntaxError("Cannot read it");
  });
  const asker = createServerAsker(client, create);
  const run = makeRun("ended", 9);
  const { by, fallback, answered } = await asker.ask(run, "1+1");
  assertEquals([by, fallback, answered.answer], ["server", "Cannot read it", "server"]);
  await asker.ask(run, "1+1");
  assertEquals(calls, ["model 3", "ask 3 1+1", "model 3", "ask 3 1+1"]);
});

Deno.test("a question that the model refuses is refused, not sent elsewhere", async () => {
  const { client, calls } = makeWorld();
  const asker = createServerAsker(client, () =>
    Promise.resolve({
      ask(): never {
        throw new RangeError("too long");
      },
      [Symbol.dispose]: () => {},
    }));
  await assertRejects(() => asker.ask(makeRun("ended", 9), "1+1"), RangeError, "too long");
  assertEquals(calls, ["model 3"]);
});
