/** Measures a model on a dataset. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { instanceOf, optional } from "../arguments/rule.ts";
import { BATCH_SIZE } from "../dataset/batches.ts";
import { checkDataset, type Dataset } from "../dataset/dataset.ts";
import { checkModel, watchModel } from "../model/in_use.ts";
import type { Model } from "../model/model.ts";
import { stepsPerReading } from "../ops/read_device.ts";
import { holdDataset, type ResidentDataset } from "../ops/resident_dataset/resident_dataset.ts";
import {
  type BatchFigures,
  measureBatch,
  type Measured,
  readFiguresTogether,
  readIndices,
} from "./optimizer.ts";
import { createPause } from "../time/pause.ts";
import { TURN_RULES, type TurnOptions } from "../time/slices.ts";

/** The metrics of a model on a dataset. */
export interface Evaluation {
  /** Mean cross-entropy per target character, in nats. */
  readonly loss: number;
  /** Share of correct characters, padding included, from 0 to 1. */
  readonly characterAccuracy: number;
  /** Share of examples with every character correct, from 0 to 1. */
  readonly exactMatch: number;
  /** Number of examples measured. */
  readonly examples: number;
}

/** How to evaluate. The signal stops it between two batches. Progress is counted in examples. */
export interface EvaluateOptions extends TurnOptions {
  /** Number of examples computed together, 1 to 65,536. Default 256. */
  readonly batchSize?: number;
  /** Array that is filled with the indices of the most probable characters, uint8 (N, T_out). */
  readonly answers?: Uint8Array;
}

const ACTION = "evaluate";

const RULES: Rules<EvaluateOptions> = {
  batchSize: BATCH_SIZE,
  answers: optional(instanceOf(Uint8Array)),
  ...TURN_RULES,
};

/**
 * Measures a model on every example of a dataset. Padding counts as characters, as in training.
 *
 * @throws {TypeError} if the dataset does not fit the model, or an option is unknown or has a wrong type
 * @throws {RangeError} if an option is out of its range
 * @throws {Error} if the model was disposed of, is on a backend that is not in use, or was trained meanwhile
 * @throws the signal's reason, if it aborts
 */
export async function evaluate(
  model: Model,
  dataset: Dataset,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { answers, ...others } = resolveOptions(options, {
    action: ACTION,
    rules: RULES,
    defaults: { batchSize: 256, now: () => performance.now() },
  });
  checkModel(ACTION, model);
  checkDataset(ACTION, dataset);
  checkFit(model, dataset);
  const characters = dataset.count * dataset.outputLength;
  if (answers !== undefined && answers.length !== characters) {
    throw new RangeError(
      `Cannot evaluate: answers must have a byte for each of ${characters} target characters, but has ${answers.length}`,
    );
  }
  using resident = holdDataset(dataset);
  return await measureDataset(model, resident, { ...others, ...(answers && { answers }) });
}

/** Measures a model on a dataset that fits it and is held for its backend. @throws the signal's reason, if it aborts */
export async function measureDataset(
  model: Model,
  resident: ResidentDataset,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { batchSize = 256, answers, onProgress, signal } = options;
  const { now = () => performance.now() } = options;
  const checkUnchanged = watchModel(ACTION, model);
  const { count, outputLength } = resident.dataset;
  const pause = createPause(now);
  const sums = { loss: 0, characters: 0, exactMatch: 0 };
  const add = (size: number, figures: BatchFigures): void => {
    sums.loss += figures.loss * size;
    sums.characters += Math.round(figures.characterAccuracy * (size * outputLength)); // the count is exact, the device's share is rounded
    sums.exactMatch += Math.round(figures.exactMatch * size);
  };
  let at = 0;
  const unread: (Measured & { readonly size: number })[] = [];
  const read = async (): Promise<void> => {
    const all = await readFiguresTogether(unread.map(({ figures }) => figures));
    for (const [i, { size, indices }] of unread.splice(0).entries()) {
      add(size, all[i]!);
      if (indices !== undefined) answers?.set(await readIndices(indices), at);
      at += size * outputLength;
      onProgress?.(at / outputLength, count);
    }
  };
  try {
    for (const batch of resident.batches({ batchSize })) {
      signal?.throwIfAborted();
      checkUnchanged();
      unread.push({ size: batch.size, ...measureBatch(model, batch, answers !== undefined) });
      if (unread.length === stepsPerReading()) await read();
      await pause();
    }
    if (unread.length > 0) await read();
    checkUnchanged();
  } finally {
    for (const { figures, indices } of unread) {
      [figures, indices].forEach((each) => each?.dispose());
    }
  }
  return {
    loss: sums.loss / count,
    characterAccuracy: sums.characters / (count * outputLength),
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
    `Cannot use the dataset: the model reads ${inputLength} characters and writes ${outputLength}, of "${characters}", but the dataset has sources of ${dataset.inputLength} and targets of ${dataset.outputLength}, of "${found}"`,
  );
}
