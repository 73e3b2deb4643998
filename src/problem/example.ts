/** What is learnt: pairs of texts. @module */

/** One thing to learn: for this source text, that target text. Both are padded to the lengths of their problem. */
export interface Example {
  /** What the model reads, for example `"  16+535"` (535+61, padded and reversed). */
  readonly source: string;
  /** What the model shall write, for example `"596 "`. */
  readonly target: string;
}
