/** Threads of the platform: those of Node and Deno, or a browser's workers. @module */
import { createDeferred } from "../../time/deferred.ts";
import { MAX_THREADS, threadSource, type ThreadStart } from "./thread_worker.ts";

/** How many threads there can be. */
export interface ThreadCount {
  /** Their number, including the caller's. */
  readonly most: number;
  /** Why there is only one, if the platform has more processors than that: a clause. */
  readonly why?: string;
}

/** What is told of a thread. */
export interface ThreadEvents {
  /** It failed, or could not start. */
  failed(why: string): void;
  /** It is over: by itself, by an error or because it was terminated. */
  ended(): void;
}

/** A thread that works at calls of its pool until that is released. */
export interface PlatformThread {
  /** Whether it has started, as far as is known. */
  readonly hasStarted: boolean;
  /**
   * If it starts only while the caller's event loop has turns: resolves when it has started or failed, or after a second. Until then
   * the others do its tasks.
   */
  readonly starting?: Promise<void>;
  /** Ends it at once. */
  terminate(): void;
  /** Makes the process live until it has ended. Before, it does not keep the process alive. */
  keepProcess(): void;
}

/**
 * Gives the module that starts threads in Node and Deno; undefined on other platforms. It is not imported, so that the modules
 * that use this one load there too.
 */
export function findWorkerThreads(): typeof import("node:worker_threads") | undefined {
  return globalThis.process?.getBuiltinModule?.("node:worker_threads");
}

/** Counts the threads on which the CPU can compute: one for each processor. */
export function countThreads(): ThreadCount {
  const processors = Math.min(MAX_THREADS, countProcessors());
  const why = processors === 1 || findWorkerThreads() !== undefined ? undefined : findObstacle();
  return why === undefined ? { most: processors } : { most: 1, why };
}

/** Starts a thread. @throws {Error} if the platform has none */
export function startThread(start: ThreadStart, events: ThreadEvents): PlatformThread {
  const threads = findWorkerThreads();
  return threads === undefined
    ? startInBrowser(start, events)
    : startInNode(threads, start, events);
}

/** Node 20 has no `navigator`. */
function countProcessors(): number {
  return globalThis.navigator?.hardwareConcurrency ??
    globalThis.process?.getBuiltinModule?.("node:os").availableParallelism() ?? 1;
}

/** Says why a browser does not let threads share memory and wait for each other. */
function findObstacle(): string | undefined {
  if (typeof Worker === "undefined") return "this platform has no workers";
  if (Reflect.get(globalThis, "crossOriginIsolated") !== true) {
    return "browsers let threads share memory only on a page that is served with headers for cross-origin isolation";
  }
  return canWait() ? undefined : "a page's own thread must not wait: workers may";
}

function canWait(): boolean {
  try {
    return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1) === "not-equal";
  } catch {
    return false;
  }
}

function startInNode(
  { Worker }: typeof import("node:worker_threads"),
  start: ThreadStart,
  { failed, ended }: ThreadEvents,
): PlatformThread {
  const receive = 'require("node:worker_threads").workerData';
  const worker = new Worker(threadSource(receive), {
    eval: true,
    workerData: start,
    env: {}, // otherwise the environment is copied, which needs permission to read all of it
  });
  worker.on("error", (error: Error) => failed(error.message));
  worker.on("exit", () => ended());
  worker.unref();
  return {
    hasStarted: true, // it does so by itself
    terminate: () => void worker.terminate(),
    keepProcess: () => worker.ref(),
  };
}

/** Longest time that a computation waits for a browser to start a worker, which takes some milliseconds. */
const START_MS = 1000;

/** Starts a worker from text. */
function startInBrowser(start: ThreadStart, { failed, ended }: ThreadEvents): PlatformThread {
  const text = `onmessage = ({ data }) => {
postMessage("started");
${threadSource("data")}
postMessage("over");
};`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const worker = new Worker(url);
  const starting = createDeferred<void>();
  const timer = setTimeout(starting.resolve, START_MS);
  let hasStarted = false;
  const noteStart = (): void => {
    clearTimeout(timer);
    starting.resolve();
  };
  const end = (): void => {
    noteStart();
    worker.terminate();
    URL.revokeObjectURL(url);
    ended();
  };
  worker.onmessage = ({ data }) => {
    if (data === "over") return end();
    hasStarted = true;
    noteStart();
  };
  worker.onerror = (event) => {
    event.preventDefault(); // the pool reports it
    failed(
      event.message ||
        "its program was not loaded, which the page's policy must allow: worker-src blob:",
    );
    end();
  };
  worker.postMessage(start);
  return {
    get hasStarted(): boolean {
      return hasStarted;
    },
    starting: starting.promise,
    terminate: end,
    keepProcess: () => {},
  };
}
