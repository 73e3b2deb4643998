/** An engine that tells what a test has recorded, so that the page can be tested without a training. @module */
import type { Answered, Answers, RunUpdate } from "../../src/dashboard/protocol.ts";
import type { DeviceReport } from "../../src/device/executor.ts";
import type {
  CheckReport,
  Engine,
  EngineListener,
  KeptRun,
  SavedFile,
} from "../../src/playground/engine.ts";

/** What a test gives to the page, as the global `recorded`. */
export interface Recorded {
  /** The last one is told when the training goes on. */
  readonly updates: readonly RunUpdate[];
  readonly answers: Answers;
  readonly answered: Answered;
  readonly kept: KeptRun | null;
  /** What is said of pairs: a report, or the sentence of an error. */
  readonly checked: CheckReport | string;
}

const REPORT: DeviceReport = {
  ...{ backend: "cpu", executor: "kernels", requested: "auto", reason: "a fake", threads: 1 },
};

/** Makes the engine. */
export function createFakeEngine(): Engine {
  const { updates, answers, answered, kept, checked }: Recorded = Reflect.get(
    globalThis,
    "recorded",
  );
  const calls: unknown[] = [];
  Reflect.set(globalThis, "calls", calls); // a test reads them
  let listener: EngineListener | undefined;
  const file: SavedFile = { name: "run.txt", type: "text/plain", bytes: Uint8Array.of(1, 2, 3) };
  const tell = (update: RunUpdate): void => listener?.update(update);
  const tellState = (state: RunUpdate["status"]["state"]): void => {
    const { run, name, status } = updates.at(-2)!;
    tell({ run, name, status: { ...status, state } });
  };
  const begin = (): void => updates.slice(0, -1).forEach(tell);
  return {
    listen(given): Promise<void> {
      listener = given;
      return Promise.resolve();
    },
    findKept: () => Promise.resolve(kept),
    openKept(): Promise<void> {
      begin();
      tellState("interrupted");
      return Promise.resolve();
    },
    forgetKept: () => Promise.resolve(),
    check: () =>
      typeof checked === "string" ? Promise.reject(new Error(checked)) : Promise.resolve(checked),
    start(task, options): Promise<DeviceReport> {
      calls.push({ task, options });
      begin();
      return Promise.resolve(REPORT);
    },
    pause(): Promise<void> {
      tellState("interrupted");
      listener?.note("The run is kept here");
      return Promise.resolve();
    },
    goOn(): Promise<void> {
      tell(updates.at(-1)!);
      return Promise.resolve();
    },
    stop(): Promise<void> {
      tellState("interrupted");
      return Promise.resolve();
    },
    ask: () => Promise.resolve(answered),
    readAnswers: () => Promise.resolve(answers),
    saveCheckpoint: () => Promise.resolve(file),
    openCheckpoint: () => Promise.reject(new Error("Cannot open the file: it is no checkpoint")),
    exportPage: () => Promise.resolve(file),
  };
}
