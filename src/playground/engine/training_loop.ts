/** Trains a run of the playground: reports its events, keeps it, and lets others use it between two events. @module */
import { createTranslator, describeEnd, describeStart } from "../../checkpoint/report_events.ts";
import type { RunEndEvent, RunEvent } from "../../checkpoint/run_events.ts";
import { createTrainingSaver } from "../../checkpoint/training_saver.ts";
import type { Split } from "../../dataset/split.ts";
import { createProblem } from "../../problem/registry.ts";
import { type EndReason, NonFiniteLossError } from "../../training/events.ts";
import { adviseLearning } from "../../training/learning_advice.ts";
import { train } from "../../training/train.ts";
import type { OpenRun } from "./open_run.ts";

/** A run is kept after every epoch, and within an epoch after so many milliseconds: a page may be closed at any time. */
const KEEP_EVERY_MS = 5000;
/** A large run, which takes long to keep, is kept less often: within an epoch after so many times that time. */
const LEAST_TIMES = 20;
/** Number of questions that are reported with their answers after every epoch, as in `train`. */
const SAMPLES = 5;

/** A training that goes on. */
export interface TrainingLoop {
  /** Resolves after the first step, or at the end. @throws the error that ended the training before it */
  readonly begun: Promise<void>;
  /** Resolves at the end of the training, also if an error ended it. */
  readonly ended: Promise<void>;
  /** Ends the training after the present step, and keeps the run. Resolves at the end. */
  stop(): Promise<void>;
  /** Does something between two events: no step is taken meanwhile. */
  visit<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Begins or continues the training of a run. */
export function startLoop(run: OpenRun & { readonly split: Split }): TrainingLoop {
  const { training, split, settings, keeper, name, runId, live } = run;
  const problem = createProblem(settings.problem, settings.model);
  const translate = createTranslator(split, problem);
  const now = (): number => performance.now();
  const stopping = new AbortController();
  const begun = Promise.withResolvers<void>();
  begun.promise.catch(() => {}); // the caller may not wait for it
  const visits: (() => Promise<void>)[] = [];
  let isOver = false;
  let keepingMs = 0;
  const saver = createTrainingSaver({
    ...{ training, problem: settings.problem, now },
    interval: {
      get ms(): number {
        return Math.max(KEEP_EVERY_MS, LEAST_TIMES * keepingMs);
      },
    },
    async save(checkpoint): Promise<void> {
      const started = now();
      await keeper.keep(checkpoint);
      keepingMs = now() - started;
    },
  });

  async function runVisits(): Promise<void> {
    while (visits.length > 0) await visits.shift()!();
  }

  async function runLoop(): Promise<void> {
    const { signal } = stopping;
    run.record(describeStart({ path: name, runId }, settings, { split, training }));
    for await (const event of train(training, split, { signal, samples: SAMPLES, answers: true })) {
      if (event.event === "answers") live.keepAnswers(event);
      run.record(await translate(event, name));
      if (event.event === "end") adviseAtEnd(run, event.reason);
      await saver.saveAfter(event);
      if (event.event === "samples" || event.event === "end") await keeper.flush();
      begun.resolve();
      await runVisits();
    }
  }

  async function runToEnd(): Promise<void> {
    try {
      await runLoop();
    } catch (error) {
      const reason: RunEndEvent["reason"] = error instanceof NonFiniteLossError
        ? "nonFiniteLoss"
        : "error";
      const end: RunEvent = describeEnd(reason, training.progress, name);
      run.show(end); // it is not kept: what is kept can go on from before the error
      run.fail(error as Error);
      begun.reject(error);
    }
    begun.resolve();
    run.sender.send();
    isOver = true;
    await runVisits();
  }

  const ended = runToEnd();
  return {
    begun: begun.promise,
    ended,
    async stop(): Promise<void> {
      stopping.abort();
      await ended;
    },
    visit<Result>(work: () => Promise<Result>): Promise<Result> {
      if (isOver) return work();
      const result = Promise.withResolvers<Result>();
      visits.push(() => work().then(result.resolve, result.reject));
      return result.promise;
    },
  };
}

/** Says what to try, if the training has ended without a model that has learned its task. */
function adviseAtEnd({ settings, training, note }: OpenRun, reason: EndReason): void {
  if (reason === "interrupted") return;
  const advice = adviseLearning(settings, training.progress.history, reason);
  if (advice !== undefined) note(advice);
}
