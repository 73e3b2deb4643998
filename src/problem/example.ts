/** An example: a question and its answer. @module */

/** A question and its answer as people write them: not padded, not reversed. */
export interface Example {
  /** The question: `535+61`. Feature columns follow after tabs: `go\tV;PST`. */
  readonly question: string;
  /** The correct answer: `596`. */
  readonly answer: string;
}
