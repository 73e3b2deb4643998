/** The history of a run that has no log, from its checkpoint. @module */
import { countModelParameters } from "../model/create_model.ts";
import { createProblem } from "../problem/registry.ts";
import { groupExamples } from "../evaluation/learned.ts";
import { findBest } from "../training/metrics.ts";
import type { RunHistory } from "./run_news.ts";
import type { LoadedWeights } from "./run_weights.ts";

/** Fills a history from a checkpoint: the start, the epochs, what the weights have learned, and the end. */
export async function recordCheckpoint(
  history: RunHistory,
  run: string,
  { checkpoint, model, split, answers }: LoadedWeights,
): Promise<void> {
  const { problem, training, progress } = checkpoint;
  const { training: trained, validation } = await split();
  history.record({
    event: "start",
    run,
    runId: checkpoint.runId,
    backend: { name: "unknown", reason: "the run has no log" },
    problem,
    model: model.config,
    training,
    parameters: countModelParameters(model.config),
    trainingExamples: trained.count,
    validationExamples: validation.count,
    step: progress.step,
  }, "past");
  let best = progress.history[0];
  for (const metrics of progress.history) {
    best = findBest([best!, metrics], training.monitor);
    history.record({ event: "epoch", ...metrics, best: best === metrics }, "past");
  }
  const { epoch, exactMatch } = progress.history.at(-1) ?? { epoch: 0, exactMatch: null };
  if (epoch > 0) {
    const { groupings } = createProblem(problem, model.config);
    const grouping = await groupExamples(validation, groupings);
    const learned = grouping.measure(epoch, await answers());
    history.record({ event: "learned", ...learned }, "past");
  }
  const reason = epoch === training.epochs ? "epochs" : "interrupted";
  history.record({ event: "end", reason, epochs: epoch, exactMatch, checkpoint: run }, "past");
}
