/** What a layer takes of the compute kernels' memory. @module */

/** Bytes of one layer and one batch. */
export interface LayerBytes {
  /** Kept from the forward pass for the backward pass. */
  readonly kept: number;
  /** For as long as the forward pass takes. */
  readonly forward: number;
  /** For as long as the backward pass takes. */
  readonly backward: number;
}
