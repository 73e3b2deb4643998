/**
 * What the playground's page asks of the worker that trains. Everything is plain data or bytes, so that it can go between threads.
 *
 * `createEngine()` of engine/create_engine.ts makes it. The script of the page, started in a worker, serves it (engine_calls.ts). The
 * listener that the page gives stays in the page: nobody waits for its methods.
 *
 * The page shows what it is told as {@linkcode RunUpdate}, as the page of `dashboard` does: number 0 is the one run of the playground.
 *
 * @module
 */
import type { PageAssets } from "../dashboard/inline_page.ts";
import type { Answered, Answers, RunUpdate } from "../dashboard/protocol.ts";
import type { BackendRequest } from "../device/choose.ts";
import type { DeviceReport } from "../device/executor.ts";
import type { GivenModelShape } from "../network/config.ts";
import type { ArithmeticSettings } from "../problem/arithmetic/settings.ts";
import type { PairsSettings } from "../problem/pairs/settings.ts";
import type { TrainingOptions } from "../training/options.ts";

/** A problem that is made here, as `train --problem` makes it. */
export interface MadeTask {
  readonly kind: "made";
  /** The name of the problem, such as `addition`. */
  readonly problem: string;
  /** Its settings. What is left out is as in `train`. */
  readonly settings: Partial<ArithmeticSettings>;
}

/** Somebody's own pairs, as `train --data` reads them. */
export interface PairsTask {
  readonly kind: "pairs";
  /** The name of the file, which the checkpoint names. */
  readonly name: string;
  /** Its bytes: tab-separated values, or JSON lines if the name ends in `.jsonl` or `.ndjson`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How the file is read. What is left out is as in `train`. */
  readonly settings: Partial<PairsSettings>;
}

/** What is learned. */
export type PlaygroundTask = MadeTask | PairsTask;

/** What is trained and how. What is left out is as in `train`. */
export interface PlaygroundOptions {
  readonly model?: Partial<GivenModelShape>;
  readonly training?: Partial<TrainingOptions>;
  readonly backend?: BackendRequest;
  /** Number of the processor's threads, 1 where the browser does not let threads share memory. */
  readonly threads?: number;
}

/** What `check` says of pairs. */
export interface CheckReport {
  /** The lines that the command prints, 100 columns wide, without its advice. */
  readonly lines: readonly string[];
  /** Its advice, a sentence each. */
  readonly advice: readonly string[];
}

/** A file to save. */
export interface SavedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A run that the browser keeps. */
export interface KeptRun {
  /** What it learns, in words: `addition, 2 digits`. */
  readonly title: string;
  /** Steps taken, and of all. */
  readonly step: number;
  readonly steps: number;
  /** When it was kept, in milliseconds since 1970. */
  readonly savedAt: number;
}

/** What the engine tells the page, whenever there is news. */
export interface EngineListener {
  /** News of the run. */
  update(update: RunUpdate): void;
  /** A sentence for people: what could not be kept, what to expect of a training, what to try after it, why it failed. */
  note(text: string): void;
}

/** The worker's side. Every error has a message for people. */
export interface Engine {
  /** Names who is told. Called once, first. */
  listen(listener: EngineListener): Promise<void>;
  /** Says what the browser keeps; null for nothing, or where it cannot keep a run, which is noted. */
  findKept(): Promise<KeptRun | null>;
  /** Opens the run that the browser keeps. It is paused. */
  openKept(): Promise<void>;
  /**
   * Makes the browser forget its run. A run that is open stays open, and is not kept any more. If the browser keeps another one, which
   * another page has put there or which was not opened, that one stays, until this is called again.
   */
  forgetKept(): Promise<void>;
  /** Says what pairs contain and what a training would make of them. @throws {Error} with the sentence of `check` */
  check(task: PairsTask): Promise<CheckReport>;
  /**
   * Starts a training, in place of the one before; resolves when its first step is taken.
   *
   * @throws {Error} if it cannot be started: the one before stays, and goes on if the task or an option is at fault
   */
  start(task: PlaygroundTask, options?: PlaygroundOptions): Promise<DeviceReport>;
  /** Pauses after the present steps, and keeps the run; resolves when it is kept. Nothing happens if it is paused or has ended. */
  pause(): Promise<void>;
  /** Goes on. A run that is complete is an error. */
  goOn(): Promise<void>;
  /** Ends the training as a signal ends `train`: the run is kept, and can go on. A training that is being started is given up. */
  stop(): Promise<void>;
  /** Answers a question with the newest weights, also while it trains. */
  ask(question: string): Promise<Answered>;
  /** Answers the validation split with the newest weights; while it trains, with those after the last epoch. */
  readAnswers(): Promise<Answers>;
  /** Gives the run as a checkpoint. In a directory of its own, under the name that it has, `train --resume --run DIR` continues it. */
  saveCheckpoint(): Promise<SavedFile>;
  /** Opens a checkpoint of the command line or of a page; pairs are needed to go on with a model of pairs. It is paused. */
  openCheckpoint(bytes: Uint8Array<ArrayBuffer>, pairs?: PairsTask): Promise<void>;
  /**
   * Gives a page that answers without anything else, as `export` writes it.
   *
   * @param assets the files of that page: the playground's page has them, so that the worker needs no second copy
   */
  exportPage(assets: PageAssets): Promise<SavedFile>;
}
