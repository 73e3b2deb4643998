/// <reference lib="dom" />
/** The engine, which runs in a worker, so that the page stays smooth while it trains. @module */
import type { CheckReport, Engine, PlaygroundTask } from "../engine.ts";
import { reachEngine } from "../engine_calls.ts";
import { nameFields } from "./field_names.ts";

/**
 * Starts a worker from its source: a page that was opened from a file can load no other file. Its sentences are those of the command
 * line; here they name the fields of the form.
 */
export function startEngine(source: string): Engine {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(address, { name: "carry" });
  const { call, listen } = reachEngine(worker);
  const failure = new Promise<never>((_, reject) => {
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      reject(new Error(`The worker that trains has failed: ${event.message || "it cannot start"}`));
    });
  });
  failure.catch(() => {}); // every call tells it
  /** Waits for an answer, or for the end of the worker, which would never answer. */
  const ask = <T>(answer: Promise<T>): Promise<T> =>
    Promise.race([answer, failure]).catch((cause) => {
      throw new Error(nameFields(cause instanceof Error ? cause.message : String(cause)), {
        cause,
      });
    });
  return {
    listen: ({ update, note }) => ask(listen({ update, note: (text) => note(nameFields(text)) })),
    findKept: () => ask(call("findKept", [])),
    openKept: () => ask(call("openKept", [])),
    forgetKept: () => ask(call("forgetKept", [])),
    async check(task): Promise<CheckReport> {
      const { lines, advice } = await ask(call("check", [task], bytesOf(task)));
      return { lines, advice: advice.map(nameFields) };
    },
    start: (task, options) =>
      ask(call("start", options === undefined ? [task] : [task, options], bytesOf(task))),
    pause: () => ask(call("pause", [])),
    goOn: () => ask(call("goOn", [])),
    stop: () => ask(call("stop", [])),
    ask: (question) => ask(call("ask", [question])),
    readAnswers: () => ask(call("readAnswers", [])),
    saveCheckpoint: () => ask(call("saveCheckpoint", [])),
    openCheckpoint: (bytes, pairs) =>
      pairs === undefined
        ? ask(call("openCheckpoint", [bytes], [bytes.buffer]))
        : ask(call("openCheckpoint", [bytes, pairs], [bytes.buffer, ...bytesOf(pairs)])),
    exportPage: (assets) => ask(call("exportPage", [assets])),
  };
}

/** Lists the bytes of pairs, to give them away instead of copying them, which would take long for a large file. */
function bytesOf(task: PlaygroundTask): ArrayBuffer[] {
  return task.kind === "pairs" ? [task.bytes.buffer] : [];
}
