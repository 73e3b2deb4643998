/** Saves a training in its run while it goes on. @module */
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { type RunDirectory, saveToRun } from "../checkpoint/run_files.ts";
import { type CheckpointInterval, createSavePoints } from "../checkpoint/save_points.ts";
import { takeCheckpoint } from "../checkpoint/take_checkpoint.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import type { Clock } from "../time/clock.ts";
import type { TrainingEvent } from "../training/events.ts";
import type { Training } from "../training/training.ts";
import type { RunRecord } from "./run_record.ts";

/** What is saved, when, and where. */
export interface SaverOptions {
  readonly run: RunDirectory;
  readonly training: Training;
  readonly problem: ProblemSettings;
  /** The log of the run. It is written before a checkpoint, so that it has all events before it. */
  readonly record: RunRecord;
  readonly interval: CheckpointInterval;
  readonly now: Clock;
}

/** Saves checkpoints. */
export interface TrainingSaver {
  /** Path of the last checkpoint. */
  readonly path: string;
  /** Saves if it is time to. Call it after every event was recorded. @throws {Error} if the checkpoint cannot be taken or saved */
  saveAfter(event: TrainingEvent): Promise<void>;
}

/** Makes what saves a training. The training is saved in its run as it is now. */
export function createTrainingSaver(options: SaverOptions): TrainingSaver {
  const { run, training, problem, record, interval, now } = options;
  const savePoints = createSavePoints(interval, now);
  let path = `${run.path}/latest.safetensors`;
  let saved = training.progress;
  /** A checkpoint that waits for the events before it: steps are taken in bunches, and it is of the last one. */
  let taken: Checkpoint | undefined;
  return {
    get path(): string {
      return path;
    },
    async saveAfter(event): Promise<void> {
      if (taken === undefined && savePoints.isDue(event) && training.progress !== saved) {
        taken = await takeCheckpoint(training, problem);
      }
      if (taken === undefined) return;
      if (event.event === "step" && event.step < taken.progress.step) return;
      await record.flush();
      const best = event.event === "epoch" && event.best;
      path = await saveToRun(run, taken, { best });
      saved = taken.progress;
      taken = undefined;
      savePoints.saved();
    },
  };
}
