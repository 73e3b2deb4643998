/**
 * The history of a training as a table of numbers. It takes 56 bytes an epoch in the checkpoint; JSON takes four times as
 * many and must be parsed.
 *
 * @module
 */
import { EPOCH_FIGURES, type EpochMetrics } from "../training/metrics.ts";
import { MAX_EPOCHS } from "../training/options.ts";
import type { SafetensorsHeader, SavedTensor, TensorEntry } from "./safetensors.ts";

/** Name of the tensor. */
export const HISTORY_TENSOR = "progress/history";

/** Writes a history as float64 (epochs, figures), one row an epoch, in the order of `EPOCH_FIGURES`. */
export function encodeHistory(history: readonly EpochMetrics[]): SavedTensor {
  const width = EPOCH_FIGURES.length;
  const values = new Float64Array(history.length * width);
  history.forEach((metrics, row) => {
    EPOCH_FIGURES.forEach((figure, column) => values[row * width + column] = metrics[figure]);
  });
  return { name: HISTORY_TENSOR, shape: [history.length, width], values };
}

/** Reads a history. It does not check the values. */
export function decodeHistory(values: Float64Array): EpochMetrics[] {
  const width = EPOCH_FIGURES.length;
  return Array.from({ length: values.length / width }, (_, row) => {
    const metrics = {} as Record<keyof EpochMetrics, number>;
    EPOCH_FIGURES.forEach((figure, column) => metrics[figure] = values[row * width + column]!);
    return Object.freeze(metrics);
  });
}

/**
 * Finds the table in a header.
 *
 * @throws {SyntaxError} if it is missing, has another shape, or has more rows than a training has epochs
 */
export function findHistory({ entries }: SafetensorsHeader): TensorEntry {
  const entry = entries.find(({ name }) => name === HISTORY_TENSOR);
  const [rows, columns] = entry?.shape ?? [];
  const width = EPOCH_FIGURES.length;
  if (
    entry?.dtype === "F64" && entry.shape.length === 2 && columns === width && rows! <= MAX_EPOCHS
  ) return entry;
  throw new SyntaxError(
    `Cannot read the checkpoint: the tensor "${HISTORY_TENSOR}" must have the dtype F64 and the shape (0 to ${MAX_EPOCHS}, ${width}), but ${
      entry === undefined ? "is missing" : `has ${entry.dtype} and (${entry.shape.join(", ")})`
    }`,
  );
}
