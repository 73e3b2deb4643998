/// <reference lib="dom" />
/** The engine, which runs in a worker, so that the page stays smooth while it trains. @module */
import { proxy, transfer, wrap } from "comlink";
import type { Engine, PlaygroundTask } from "../engine.ts";

/** Starts a worker from its source: a page that was opened from a file can load no other file. */
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
  const ask = <T>(answer: Promise<T>): Promise<T> => Promise.race([answer, failure]);
  return {
    listen: (listener) => ask(remote.listen(proxy(listener))),
    findKept: () => ask(remote.findKept()),
    openKept: () => ask(remote.openKept()),
    forgetKept: () => ask(remote.forgetKept()),
    check: (task) => ask(remote.check(transferBytes(task))),
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
