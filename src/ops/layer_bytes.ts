/** The memory that a layer takes from the compute kernels. @module */

/** Bytes of one layer and one batch. */
export interface LayerBytes {
  /** Kept from the forward pass for the backward pass. */
  readonly kept: number;
  /** Used only during the forward pass. */
  readonly forward: number;
  /** Used only during the backward pass. */
  readonly backward: number;
}
