/** A dataset that steps take their batches from: on `webgpu` it lies on the device, elsewhere on the host. @module */
import * as tf from "@tensorflow/tfjs";
import { type Batch, batches, type BatchOptions, batchRows } from "../../dataset/batches.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import { gatherExamples, type Piece, uploadPieces } from "./pieces_webgpu.ts";

/** A batch of a dataset that lies on the device: its rows, which the device looks up. */
export interface ResidentBatch {
  /** Number of examples, B. */
  readonly size: number;
  /** Positions in the dataset, (B). */
  readonly rows: Uint32Array;
  /** Where they are looked up. */
  readonly pieces: readonly Piece[];
}

/** What a model is measured on: tensors on the device in use. */
export interface BatchTensors {
  /** Indices of the sources, int32 (B, T_in). */
  readonly sources: tf.Tensor2D;
  /** Indices of the targets, int32 (B, T_out). */
  readonly targets: tf.Tensor2D;
}

/** A dataset that steps take their batches from: declare it with `using`, or dispose of it. */
export interface ResidentDataset extends Disposable {
  /** The dataset. */
  readonly dataset: Dataset;
  /** Gives the batches of one pass. */
  batches(options: BatchOptions): Iterable<Batch | ResidentBatch>;
}

/**
 * Holds a dataset for steps on the device in use.
 *
 * On `webgpu` it is uploaded when first asked for a batch, once, a byte a character, in pieces that the adapter can bind; of a batch only
 * the list of its rows goes up. On any other backend a batch is copied from the host, as `batches` does.
 *
 * @param options `pieceBytes`: bytes that a piece has at most. Default: what the adapter can bind
 */
export function holdDataset(
  dataset: Dataset,
  options: { readonly pieceBytes?: number } = {},
): ResidentDataset {
  let pieces: readonly Piece[] | undefined;
  return {
    dataset,
    *batches(which): Generator<Batch | ResidentBatch, void> {
      if (tf.getBackend() !== "webgpu") return yield* batches(dataset, which);
      pieces ??= uploadPieces(dataset, options.pieceBytes);
      for (const rows of batchRows(dataset.count, which)) yield { size: rows.length, rows, pieces };
    },
    [Symbol.dispose](): void {
      pieces?.forEach((piece) => piece[Symbol.dispose]());
      pieces = undefined;
    },
  };
}

/** Gives a batch's tensors; the caller disposes of them. */
export function toTensors(
  batch: Batch | ResidentBatch,
  { inputLength, outputLength }: Pick<Dataset, "inputLength" | "outputLength">,
): BatchTensors {
  if ("rows" in batch) return gatherExamples(batch.rows, batch.pieces);
  return {
    sources: tf.tensor2d(batch.sources, [batch.size, inputLength], "int32"),
    targets: tf.tensor2d(batch.targets, [batch.size, outputLength], "int32"),
  };
}
