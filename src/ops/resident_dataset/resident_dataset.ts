/** A dataset from which training steps take batches: on `webgpu` it is on the device, elsewhere on the host. @module */
import * as tf from "@tensorflow/tfjs";
import { type Batch, batches, type BatchOptions, batchRows } from "../../dataset/batches.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import type { BatchTensors } from "./batch_tensors.ts";
import { gatherExamples, type Piece, uploadPieces } from "./pieces_webgpu.ts";

/** A batch of a dataset on the device: the rows that the device looks up. */
export interface ResidentBatch {
  /** Number of examples, B. */
  readonly size: number;
  /** Positions in the dataset, (B). */
  readonly rows: Uint32Array;
  /** The pieces in which they are looked up. */
  readonly pieces: readonly Piece[];
}

/** A dataset from which training steps take batches. Declare it with `using`, or dispose of it. */
export interface ResidentDataset extends Disposable {
  /** The dataset. */
  readonly dataset: Dataset;
  /** Gives the batches of one pass. */
  batches(options: BatchOptions): Iterable<Batch | ResidentBatch>;
}

/**
 * Holds a dataset for training steps on the device in use.
 *
 * On `webgpu` the dataset is uploaded once, before the first batch: one byte per character, in pieces that the adapter can bind. For a
 * batch only the list of its rows is uploaded. On any other backend a batch is copied from the host, as `batches` does.
 *
 * @param options `pieceBytes`: most bytes of a piece. Default: what the adapter can bind
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
