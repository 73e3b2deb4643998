/**
 * Calls of an engine in a worker, by messages. The calls are numbered in their order, so that nothing is drawn at random, and what the
 * engine reports comes in the order of its answers.
 *
 * @module
 */
import type { Engine, EngineListener } from "./engine.ts";

/** What both ends of a worker have. */
export interface MessagePlace {
  /** Sends data to the other end. What is transferred is not copied. */
  postMessage(message: unknown, transfer: Transferable[]): void;
  /** Calls back with what the other end sends. */
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

/** The name of a method of an engine. */
type Method = keyof Engine;

/** A call. That of `listen` has no arguments: its functions stay where they are. */
interface Call {
  readonly call: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

/** What comes back: the result of a call, the sentence of its error, or what the engine reports. */
type Reply =
  | { readonly call: number; readonly result: unknown }
  | { readonly call: number; readonly error: string }
  | { readonly reports: keyof EngineListener; readonly value: unknown };

/** Calls a method in the other thread. @param transfer what is given away instead of copied */
export type CallEngine = <Name extends Exclude<Method, "listen">>(
  method: Name,
  args: Parameters<Engine[Name]>,
  transfer?: Transferable[],
) => Promise<Awaited<ReturnType<Engine[Name]>>>;

/** The engine as the other thread sees it. */
export interface RemoteEngine {
  readonly call: CallEngine;
  /** Is called back with what the engine reports from now on. */
  listen(listener: EngineListener): Promise<void>;
}

/** Answers the calls that come from a place. */
export function serveEngine(engine: Engine, place: MessagePlace): void {
  const send = (reply: Reply): void => place.postMessage(reply, []);
  const listener: EngineListener = {
    update: (value) => send({ reports: "update", value }),
    note: (value) => send({ reports: "note", value }),
  };
  place.addEventListener("message", async ({ data }) => {
    const { call, method, args } = data as Call; // the page of this worker sends nothing else
    try {
      const work = engine[method] as (...args: readonly unknown[]) => Promise<unknown>;
      send({ call, result: await work.call(engine, ...(method === "listen" ? [listener] : args)) });
    } catch (error) {
      send({ call, error: error instanceof Error ? error.message : String(error) });
    }
  });
}

/** Reaches the engine that a place serves. */
export function reachEngine(place: MessagePlace): RemoteEngine {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let calls = 0;
  let listener: EngineListener | undefined;

  function send(method: Method, args: readonly unknown[], transfer: Transferable[] = []): unknown {
    const call: Call = { call: ++calls, method, args };
    const answer = Promise.withResolvers<unknown>();
    place.postMessage(call, transfer); // throws if an argument is no data
    waiting.set(call.call, answer);
    return answer.promise;
  }

  place.addEventListener("message", ({ data }) => {
    const reply = data as Reply; // the worker of this page sends nothing else
    if ("reports" in reply) {
      (listener?.[reply.reports] as ((value: unknown) => void) | undefined)?.(reply.value);
      return;
    }
    const answer = waiting.get(reply.call);
    waiting.delete(reply.call);
    if ("error" in reply) answer?.reject(new Error(reply.error));
    else answer?.resolve(reply.result);
  });

  return {
    call: async (method, args, transfer) => await send(method, args, transfer) as never,
    async listen(given): Promise<void> {
      listener = given;
      await send("listen", []);
    },
  };
}
