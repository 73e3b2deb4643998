/**
 * Ctrl-C, SIGTERM and SIGHUP. The first signal asks for an orderly end; a second Ctrl-C or SIGTERM ends the process at once.
 *
 * A separate thread receives them. A long computation blocks its own thread, and a user who presses Ctrl-C twice must not wait
 * for it. After the first signal the listeners are removed, so that the operating system ends the process at the second.
 *
 * @module
 */
import type { Worker } from "node:worker_threads";
import { findWorkerThreads } from "../device/cpu/platform_threads.ts";

/** The signal that was received. */
export interface Signals extends AsyncDisposable {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal;
  /** 129 after SIGHUP, 130 after SIGINT, 143 after SIGTERM: 128 plus the signal's number. */
  readonly exitCode: number | undefined;
}

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type SignalName = keyof typeof EXIT_CODES;

/** Waits until a signal aborts. */
export async function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

/** Listens until it is disposed of. From its return on, the first signal does not end the process. */
export async function listenForSignals(): Promise<Signals> {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const worker = await startListener(await chooseSignals(), (name) => {
    exitCode = EXIT_CODES[name];
    controller.abort();
  });
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await worker.terminate();
    },
  };
}

/** The signals of the thread. */
interface ListenerData {
  /** Signals that ask for an end. */
  readonly names: readonly SignalName[];
  /** Signals that have no effect. */
  readonly ignored: readonly SignalName[];
}

/**
 * The source text of the thread. A terminal that closes may send SIGHUP twice, once by its shell, so a further SIGHUP has no
 * effect. The listener for messages keeps the thread alive.
 */
const LISTENER =
  `const { parentPort, workerData: { names, ignored } } = require("node:worker_threads");
let heard = false;
const listeners = names.map((name) => [name, () => {
  for (const [each, listener] of listeners) if (each !== "SIGHUP") process.off(each, listener);
  if (!heard) parentPort.postMessage(name);
  heard = true;
}]);
for (const [name, listener] of listeners) process.on(name, listener);
for (const name of ignored) process.on(name, () => {});
parentPort.on("message", () => {});
parentPort.postMessage("listening");`;

async function startListener(
  workerData: ListenerData,
  onSignal: (name: SignalName) => void,
): Promise<Worker> {
  const threads = findWorkerThreads()!; // the command line runs on Deno
  const worker = new threads.Worker(LISTENER, { eval: true, env: {}, workerData });
  await new Promise<void>((resolve, reject) => {
    worker.once("error", reject);
    worker.on("message", (message: SignalName | "listening") => {
      if (message === "listening") resolve();
      else onSignal(message);
    });
  });
  worker.unref(); // the process may end while it listens
  return worker;
}

/**
 * Chooses the signals. A process that `nohup` started ignores SIGHUP. It must continue to ignore it, but if Deno listens to any
 * signal, it handles SIGHUP too; so SIGHUP gets a listener without effect.
 */
async function chooseSignals(): Promise<ListenerData> {
  if (Deno.build.os === "windows") return { names: ["SIGINT"], ignored: [] };
  const names = ["SIGINT", "SIGTERM"] as const;
  return await isHangUpIgnored()
    ? { names, ignored: ["SIGHUP"] }
    : { names: [...names, "SIGHUP"], ignored: [] };
}

/** Says whether SIGHUP is ignored. Linux shows the ignored signals of a process in a file that must be permitted to read. */
async function isHangUpIgnored(): Promise<boolean> {
  const path = "/proc/self/status";
  const { state } = await Deno.permissions.query({ name: "read", path });
  if (Deno.build.os !== "linux" || state !== "granted") return false;
  const status = await Deno.readTextFile(path).catch(() => ""); // some systems have no such file
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0";
  return (BigInt(`0x${ignored}`) & 1n) === 1n; // SIGHUP is number 1
}
