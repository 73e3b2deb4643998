/** How well a model does on a dataset. @module */
import { batches } from "../dataset/batches.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Model } from "../model/model.ts";
import { measureBatch, readFigures, readIndices } from "./optimizer.ts";
import { type Clock, createPause } from "../backend/pause.ts";

/** What a model does on a dataset. */
export interface Evaluation {
  /** Mean cross-entropy per target character. */
  readonly loss: number;
  /** Share of right characters, padding included. */
  readonly characterAccuracy: number;
  /** Share of examples with every character right. */
  readonly exactMatch: number;
  /** Number of examples measured. */
  readonly examples: number;
}

/** How to evaluate. */
export interface EvaluateOptions {
  /** Examples computed together. Default 256. */
  readonly batchSize?: number;
  /** Filled with the most probable characters: uint8 (N, T_out) indices. */
  readonly answers?: Uint8Array;
  /** Aborts between two batches. */
  readonly signal?: AbortSignal;
  /** Default: the platform's monotonic clock. */
  readonly now?: Clock;
}

/**
 * Measures a model on every example of a dataset.
 *
 * @throws {TypeError} if the dataset does not fit the model
 * @throws the signal's reason, if it aborts
 */
export async function evaluate(
  model: Model,
  dataset: Dataset,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { batchSize = 256, answers, signal, now = () => performance.now() } = options;
  checkFit(model, dataset);
  const pause = createPause(now);
  const sums = { loss: 0, characters: 0, exactMatch: 0 };
  let at = 0;
  for (const batch of batches(dataset, { batchSize })) {
    signal?.throwIfAborted();
    const { figures: onDevice, indices } = measureBatch(model, batch, answers !== undefined);
    const figures = await readFigures(onDevice);
    answers?.set(await readIndices(indices!), at);
    at += batch.size * dataset.outputLength;
    sums.loss += figures.loss * batch.size;
    const characters = batch.size * dataset.outputLength;
    sums.characters += Math.round(figures.characterAccuracy * characters); // exact: the device rounds the share
    sums.exactMatch += Math.round(figures.exactMatch * batch.size);
    await pause();
  }
  const { count } = dataset;
  return {
    loss: sums.loss / count,
    characterAccuracy: sums.characters / (count * dataset.outputLength),
    exactMatch: sums.exactMatch / count,
    examples: count,
  };
}

/** Checks that a dataset has a model's lengths and characters. @throws {TypeError} if not */
export function checkFit(model: Model, dataset: Dataset): void {
  const { inputLength, outputLength, characters } = model.config;
  const found = dataset.table.characters.join("");
  if (
    dataset.inputLength === inputLength && dataset.outputLength === outputLength &&
    found === characters
  ) return;
  throw new TypeError(
    `Cannot use the dataset: the model reads ${inputLength} and writes ${outputLength} of "${characters}", but the dataset has ${dataset.inputLength} and ${dataset.outputLength} of "${found}"`,
  );
}
