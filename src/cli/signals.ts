/** Ctrl-C and SIGTERM: the first asks for an orderly end, the second leaves at once. @module */

/** What was heard. */
export interface Signals extends Disposable {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal;
  /** 130 after SIGINT, 143 after SIGTERM: 128 plus the signal's number. */
  readonly exitCode: number | undefined;
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Waits until a signal aborts. */
export async function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

/** Listens until it is disposed of. */
export function listenForSignals(onFirst: () => void): Signals {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const listeners = (["SIGINT", "SIGTERM"] as const)
    .filter((name) => name === "SIGINT" || Deno.build.os !== "windows")
    .map((name) => {
      const listener = (): void => {
        if (exitCode !== undefined) Deno.exit(EXIT_CODES[name]);
        exitCode = EXIT_CODES[name];
        onFirst();
        controller.abort();
      };
      Deno.addSignalListener(name, listener);
      return { name, listener };
    });
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose](): void {
      for (const { name, listener } of listeners) Deno.removeSignalListener(name, listener);
    },
  };
}
