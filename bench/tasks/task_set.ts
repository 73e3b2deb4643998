/** What a task trains on and what it asks. @module */

/** Which examples are asked. */
export type Side = "dev" | "test";

/** Every side, for checks and help texts. */
export const SIDES: readonly Side[] = ["dev", "test"];

/** The examples of a task, or of one language of it. */
export interface TaskSet {
  /** Code of the language, as in the names of its files; `""` if the task has no languages. */
  readonly language: string;
  /** The options of `train` that say what is learned, such as `--data=FILE`. They say nothing of model and training. */
  readonly learned: readonly string[];
  /** The file of pairs that is asked; null: the examples that the training holds back. */
  readonly asked: string | null;
}

/** Where a task finds its sets. */
export interface SetRequest {
  /** The folder of data; undefined if none was given. */
  readonly data: string | undefined;
  /** A folder for files that the task makes. The same task always makes the same files. */
  readonly made: string;
  readonly side: Side;
}

/** A task. */
export interface Task {
  /** Its name, for `--only`. */
  readonly name: string;
  /** What it learns, for help texts. */
  readonly title: string;
  /** Whether its sets are files of `--data`. */
  readonly needsData: boolean;
  /** The figure that is usual for it. */
  readonly figure: "word error rate" | "accuracy";
  /** What it shall reach, as in the tables. */
  readonly goal: string;
  /**
   * Finds its sets, in the order of their languages; none if the folder has no file to train on.
   *
   * @throws {UsageError} if there is a file to train on, but none to ask
   */
  findSets(request: SetRequest): Promise<readonly TaskSet[]>;
}
