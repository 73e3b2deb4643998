/** The history of a run that has no log, from its checkpoint. @module */
import { countModelParameters } from "../model/create_model.ts";
import { createProblem } from "../problem/registry.ts";
import { groupExamples } from "../evaluation/learned.ts";
import { findBest } from "../training/metrics.ts";
import type { RunHistory } from "./run_news.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { Split } from "../dataset/split.ts";
import type { Model } from "../model/model.ts";
import { countHeldBackPairs, countTrainingExamples } from "../training/training_examples.ts";

/** A checkpoint, its model and its examples. */
export interface CheckpointSource {
  readonly checkpoint: Checkpoint;
  readonly model: Pick<Model, "config">;
  /** Gives its examples; absent if they are not there: then what was learned is not shown. */
  readonly split?: () => Promise<Split>;
  /** Gives the answers of its weights to the validation split. @returns indices of characters, uint8 (N, T_out) */
  readonly answers: () => Promise<Uint8Array>;
}

/** Fills a history from a checkpoint: the start, the epochs, what the weights have learned, and the end. */
export async function recordCheckpoint(
  history: Pick<RunHistory, "record">,
  run: string,
  { checkpoint, model, split: openSplit, answers }: CheckpointSource,
): Promise<void> {
  const { problem, training, progress } = checkpoint;
  const split = await openSplit?.();
  history.record({
    event: "start",
    run,
    runId: checkpoint.runId,
    backend: { name: "unknown", reason: "the run has no log" },
    problem,
    model: model.config,
    training,
    parameters: countModelParameters(model.config),
    trainingExamples: split?.training.count ?? countTrainingExamples(checkpoint),
    validationExamples: split?.validation.count ?? countHeldBackPairs(problem),
    step: progress.step,
  }, "past");
  let best = progress.history[0];
  for (const metrics of progress.history) {
    best = findBest([best!, metrics], training.monitor);
    history.record({ event: "epoch", ...metrics, best: best === metrics }, "past");
  }
  const { epoch, exactMatch } = progress.history.at(-1) ?? { epoch: 0, exactMatch: null };
  if (epoch > 0 && split !== undefined) {
    const { groupings } = createProblem(problem, model.config);
    const grouping = await groupExamples(split.validation, groupings);
    const learned = grouping.measure(epoch, await answers());
    history.record({ event: "learned", ...learned }, "past");
  }
  const reason = epoch === training.epochs ? "epochs" : "interrupted";
  history.record({ event: "end", reason, epochs: epoch, exactMatch, checkpoint: run }, "past");
}
