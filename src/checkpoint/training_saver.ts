/** Saves a training while it goes on. @module */
import type { ProblemSettings } from "../problem/problem.ts";
import type { Clock } from "../time/clock.ts";
import type { TrainingEvent } from "../training/events.ts";
import type { Training } from "../training/training.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type CheckpointInterval, createSavePoints } from "./save_points.ts";
import { takeCheckpoint } from "./take_checkpoint.ts";

/** What is saved, when, and how. */
export interface SaverOptions {
  readonly training: Training;
  readonly problem: ProblemSettings;
  readonly interval: CheckpointInterval;
  readonly now: Clock;
  /** Saves a checkpoint, when every event before it was recorded. `best` says that it is the best of its run so far. */
  save(checkpoint: Checkpoint, options: { readonly best: boolean }): Promise<void>;
}

/** Saves checkpoints. */
export interface TrainingSaver {
  /** Saves if it is time to. Call it after every event was recorded. @throws {Error} if the checkpoint cannot be taken or saved */
  saveAfter(event: TrainingEvent): Promise<void>;
}

/** Makes what saves a training. The training is saved as it is now. */
export function createTrainingSaver(options: SaverOptions): TrainingSaver {
  const { training, problem, interval, now, save } = options;
  const savePoints = createSavePoints(interval, now);
  let saved = training.progress;
  /** A checkpoint that waits for the events before it: steps are taken in bunches, and it is of the last one. */
  let taken: Checkpoint | undefined;
  return {
    async saveAfter(event): Promise<void> {
      if (taken === undefined && savePoints.isDue(event) && training.progress !== saved) {
        taken = await takeCheckpoint(training, problem);
      }
      if (taken === undefined) return;
      if (event.event === "step" && event.step < taken.progress.step) return;
      await save(taken, { best: event.event === "epoch" && event.best });
      saved = taken.progress;
      taken = undefined;
      savePoints.saved();
    },
  };
}
