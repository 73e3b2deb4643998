/** Dropout by tfjs's own operations. Which values are kept is computed on the host: see src/random/dropout.ts. @module */
import type { Tensor2D } from "@tensorflow/tfjs";
import {
  dropoutPlaceKey,
  dropoutRowKey,
  dropoutStepKey,
  dropThreshold,
  isKept,
} from "../../../random/dropout.ts";
import type { Regularization } from "../../executor.ts";
import type { Tfjs } from "../tfjs_webgpu.ts";

/**
 * Drops some values of a batch's vectors, and scales the others.
 *
 * @param vectors float32 (B, F)
 * @param site number of the place in the network: see `dropoutSites`
 * @param t position
 */
export type DropValues = (vectors: Tensor2D, site: number, t: number) => Tensor2D;

/** Drops nothing. */
export const dropNothing: DropValues = (vectors) => vectors;

/**
 * Makes the dropout of a step.
 *
 * @param rows the batch's rows among the held examples
 */
export function makeDropout(
  tf: Tfjs,
  rows: Uint32Array,
  { dropout, seed, step }: Pick<Regularization, "dropout" | "seed"> & { readonly step: number },
): DropValues {
  if (dropout === 0) return dropNothing;
  const stepKey = dropoutStepKey(seed, step);
  const rowKeys = Array.from(rows, (row) => dropoutRowKey(stepKey, row));
  const [threshold, scale] = [dropThreshold(dropout), 1 / (1 - dropout)];
  return (vectors, site, t) => {
    const F = vectors.shape[1];
    const factors = new Float32Array(rows.length * F);
    rowKeys.forEach((rowKey, b) => {
      const placeKey = dropoutPlaceKey(rowKey, site, t);
      for (let f = 0; f < F; f++) {
        factors[b * F + f] = isKept(placeKey, f, threshold) ? scale : 0;
      }
    });
    return tf.mul(vectors, tf.tensor2d(factors, [rows.length, F]));
  };
}
