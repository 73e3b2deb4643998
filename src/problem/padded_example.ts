/** An example: a pair of texts. @module */

/** A source text, and the target text that the model learns to write for it. Both are padded to the lengths of their problem. */
export interface PaddedExample {
  /** What the model reads, for example `"  16+535"` (535+61, padded and reversed). */
  readonly source: string;
  /** What the model should write, for example `"596 "`. */
  readonly target: string;
}
