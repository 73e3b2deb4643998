/** What a training took. @module */

/** A training and its times. */
export interface TimedTraining {
  /** Training time of each epoch in milliseconds, as the checkpoint has it: without measuring and saving. */
  readonly epochMs: readonly number[];
  /** Lengths in milliseconds of the tasks of 50 ms or more on the page's own thread, while it trained. Empty for the command line. */
  readonly longTasks: readonly number[];
}
