/// <reference lib="dom" />
/** The engine, which runs in a worker, so that the page stays smooth while it trains. @module */
import { proxy, transfer, wrap } from "comlink";
import type { CheckReport, Engine, PlaygroundTask } from "../engine.ts";
import { nameFields } from "./field_names.ts";

/**
 * Starts a worker from its source: a page that was opened from a file can load no other file. Its sentences are those of the command
 * line; here they name the fields of the form.
 */
export function startEngine(source: string): Engine {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(address, { name: "carry" });
  const remote = wrap<Engine>(worker);
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
    listen: ({ update, note }) =>
      ask(remote.listen(proxy({ update, note: (text) => note(nameFields(text)) }))),
    findKept: () => ask(remote.findKept()),
    openKept: () => ask(remote.openKept()),
    forgetKept: () => ask(remote.forgetKept()),
    async check(task): Promise<CheckReport> {
      const { lines, advice } = await ask(remote.check(transferBytes(task)));
      return { lines, advice: advice.map(nameFields) };
    },
    start: (task, options) => ask(remote.start(transferBytes(task), options)),
    pause: () => ask(remote.pause()),
    goOn: () => ask(remote.goOn()),
    stop: () => ask(remote.stop()),
    ask: (question) => ask(remote.ask(question)),
    readAnswers: () => ask(remote.readAnswers()),
    saveCheckpoint: () => ask(remote.saveCheckpoint()),
    openCheckpoint: (bytes, pairs) =>
      ask(
        remote.openCheckpoint(transfer(bytes, [bytes.buffer]), pairs && transferBytes(pairs)),
      ),
    exportPage: (assets) => ask(remote.exportPage(assets)),
  };
}

/** Gives the bytes of pairs away instead of copying them, which would take long for a large file. */
function transferBytes<T extends PlaygroundTask>(task: T): T {
  return task.kind === "pairs" ? transfer(task, [task.bytes.buffer]) : task;
}
