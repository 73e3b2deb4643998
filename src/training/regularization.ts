/** What keeps a training from memorising: dropout and label smoothing. @module */
import type { Regularization } from "../device/executor.ts";
import type { Decoder } from "../network/config.ts";
import { forkPrng } from "../random/prng.ts";
import type { TrainingOptions } from "./options.ts";

/** Number of values of the seed. */
const SEEDS = 2 ** 32;

/** Gives what a device is to apply in the steps of a training; undefined if there is nothing to apply. */
export function regularizationOf(
  { dropout, labelSmoothing, seed }: TrainingOptions,
): Regularization | undefined {
  if (dropout === 0 && labelSmoothing === 0) return undefined;
  return { dropout, labelSmoothing, seed: forkPrng(seed, "dropout").nextInt(SEEDS) };
}

/**
 * Checks that a model with some decoder can be trained with the dropout that is asked for.
 *
 * @throws {RangeError} if not
 */
export function checkDropout(dropout: number, decoder: Decoder): void {
  if (decoder === "attention" || dropout === 0) return;
  throw new RangeError(
    `Cannot train: dropout must be 0 with the decoder ${decoder}, but is ${dropout}`,
  );
}
