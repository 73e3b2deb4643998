/** Holds the one run of the playground, and its training if it goes on. @module */
import { takeCheckpoint } from "../../checkpoint/take_checkpoint.ts";
import type { Answered, Answers } from "../../dashboard/protocol.ts";
import { isPairs } from "../../problem/pairs/settings.ts";
import { findStopReason } from "../../training/stop_rules.ts";
import { answerSplit } from "./answer_split.ts";
import type { Opening, OpenRun } from "./open_run.ts";
import { startLoop, type TrainingLoop } from "./training_loop.ts";

/** Why a training ends that is stopped before its first step. */
const STOPPED = "Stopped before the training: nothing has changed";

/** The place of the run. Changes are made one after another. Disposing of it ends the training and frees all memory. */
export class RunSlot implements AsyncDisposable {
  #run: OpenRun | undefined;
  #loop: TrainingLoop | undefined;
  #opening: AbortController | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** The run; undefined if none is open. */
  get run(): OpenRun | undefined {
    return this.#run;
  }

  /** Gives the run. @throws {Error} if none is open */
  require(action: string): OpenRun {
    if (this.#run !== undefined) return this.#run;
    throw new Error(
      `Cannot ${action}: there is no run; start a training, or open a checkpoint`,
    );
  }

  /** Opens another run in place of the one before, and trains it if that is asked for. If that fails, the one before stays. */
  replace(
    open: (opening: Opening) => Promise<OpenRun>,
    { trains = false }: { readonly trains?: boolean } = {},
  ): Promise<void> {
    const controller = new AbortController();
    return this.#inTurn(async () => {
      this.#opening = controller;
      let opened: OpenRun;
      try {
        const { signal } = controller;
        opened = await open({ signal, makeRoom: async () => await this.#loop?.stop() });
      } finally {
        this.#opening = undefined;
      }
      this.#run?.[Symbol.dispose]();
      this.#run = opened;
      if (trains) await this.#begin(opened);
      else opened.sender.send();
    });
  }

  /** Goes on with the training. @throws {Error} if it cannot, with the reason */
  goOn(): Promise<void> {
    return this.#inTurn(async () => {
      const run = this.require("go on");
      if (this.#loop === undefined) await this.#begin(run);
    });
  }

  /** Pauses the training after the present step, and keeps the run. Nothing happens if it is paused or has ended. */
  pause(): Promise<void> {
    return this.#inTurn(async () => {
      this.require("pause");
      await this.#loop?.stop();
    });
  }

  /** Ends the training, also one that is being prepared. */
  stop(): Promise<void> {
    this.#opening?.abort(new Error(STOPPED));
    return this.#inTurn(async () => await this.#loop?.stop());
  }

  /** Answers a question: at once, or between two steps if the weights change meanwhile. */
  async ask(question: string): Promise<Answered> {
    const run = this.require("answer");
    const { executor } = run.training.model;
    const { changes } = executor;
    try {
      return await run.live.ask(question);
    } catch (error) {
      if (executor.disposed || executor.changes === changes) throw error;
    }
    return await this.visit(() => run.live.ask(question));
  }

  /** Gives the answers to the validation split: with the newest weights, or those after the last epoch while it is trained. */
  readAnswers(): Promise<Answers> {
    return this.#inTurn(async () => {
      const run = this.require("answer the validation split");
      const { live, split, training: { progress } } = run;
      const isOld = live.answeredAt !== progress.step;
      if (this.#loop === undefined && split !== undefined && isOld) await answerSplit(run);
      return await live.answers();
    });
  }

  /** Does something between two steps. */
  visit<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#loop === undefined ? work() : this.#loop.visit(work);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#run?.[Symbol.dispose]();
    this.#run = undefined;
  }

  async #begin(run: OpenRun): Promise<void> {
    checkCanTrain(run);
    const { training, settings: { problem }, keeper } = run;
    if (!keeper.holds) await keeper.keep(await takeCheckpoint(training, problem));
    const loop = startLoop({ ...run, split: run.split! });
    this.#loop = loop;
    void loop.ended.then(() => {
      if (this.#loop === loop) this.#loop = undefined;
    });
    await loop.begun;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {}); // the caller has the error
    return result;
  }
}

/** Checks that a run can be trained. @throws {Error} if not, with the reason */
function checkCanTrain({ failure, split, training, settings: { problem } }: OpenRun): void {
  if (failure !== undefined) {
    throw new Error(
      `Cannot go on: the training failed (${failure.message}); open the run that the browser keeps, which is from before that`,
      { cause: failure },
    );
  }
  const reason = findStopReason(training);
  if (reason !== undefined) {
    throw new Error(`Cannot go on: the training is complete after ${training.progress.step} steps`);
  }
  if (split !== undefined) return;
  const file = isPairs(problem) && problem.data !== null && typeof problem.data !== "string"
    ? problem.data.path
    : undefined;
  throw new Error(
    file === undefined
      ? "Cannot go on: the run names no file of pairs, because a program gave them or it was imported"
      : `Cannot go on: open the checkpoint again together with its pairs, the file "${file}"`,
  );
}
