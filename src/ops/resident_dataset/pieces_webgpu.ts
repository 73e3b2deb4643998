/** A dataset on WebGPU: pieces, in which batches are looked up. @module */
import * as tf from "@tensorflow/tfjs";
import type { Dataset } from "../../dataset/dataset.ts";
import { type WebGpuBackend, webGpuBackend } from "../webgpu/device.ts";
import { runShaders, submitCommands } from "../webgpu/run_shader.ts";
import type { Shader } from "../webgpu/shader.ts";
import { WGSL } from "../wgsl.ts";
import type { BatchTensors } from "./batch_tensors.ts";

/** Some rows of a dataset on the device. Each row is a source and a target, one byte per character. */
export interface Piece extends Disposable {
  /** Index of the first row. */
  readonly firstRow: number;
  /** Number of rows. */
  readonly rows: number;
  /** int32, four characters each. */
  readonly packed: tf.Tensor1D;
  /** Number of characters of a source and of a target. */
  readonly lengths: readonly [number, number];
}

const NAME = "Carry/gatherExamples";

const GATHER: Shader = {
  name: "gather_examples",
  code: WGSL["resident_dataset/gather_examples"],
  buffers: ["read", "read", "write", "write"],
};

/**
 * Uploads a dataset.
 *
 * @throws {RangeError} if an index is not in the dataset's table, or if a piece cannot hold a row
 */
export function uploadPieces(dataset: Dataset, pieceBytes?: number): Piece[] {
  const { inputLength, outputLength, count } = dataset;
  checkIndices(dataset);
  const backend = webGpuBackend();
  const { maxStorageBufferBindingSize, maxBufferSize } = backend.device.limits;
  const most = pieceBytes ?? Math.min(maxStorageBufferBindingSize, maxBufferSize);
  const rowBytes = inputLength + outputLength;
  const rowsAPiece = Math.floor(4 * Math.floor(most / 4) / rowBytes);
  if (rowsAPiece === 0) {
    throw new RangeError(
      `Cannot upload the dataset: a piece must hold an example of ${rowBytes} characters, but holds ${most}`,
    );
  }
  return Array.from({ length: Math.ceil(count / rowsAPiece) }, (_, i) => {
    const firstRow = i * rowsAPiece;
    return uploadPiece(dataset, firstRow, Math.min(rowsAPiece, count - firstRow), backend);
  });
}

/** Uploads a piece to a new buffer. A buffer of tfjs's pool would stay allocated after the piece is disposed of. */
function uploadPiece(
  { inputLength, outputLength, sources, targets }: Dataset,
  firstRow: number,
  rows: number,
  backend: WebGpuBackend,
): Piece {
  const rowBytes = inputLength + outputLength;
  const words = Math.ceil(rows * rowBytes / 4);
  const buffer = backend.device.createBuffer({
    label: "dataset",
    size: 4 * words,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
    mappedAtCreation: true,
  });
  const bytes = new Uint8Array(buffer.getMappedRange());
  for (let i = 0; i < rows; i++) {
    const row = firstRow + i;
    bytes.set(sources.subarray(row * inputLength, (row + 1) * inputLength), i * rowBytes);
    const at = i * rowBytes + inputLength;
    bytes.set(targets.subarray(row * outputLength, (row + 1) * outputLength), at);
  }
  buffer.unmap();
  const packed = tf.keep(tf.tensor({ buffer, zeroCopy: true }, [words], "int32")) as tf.Tensor1D;
  return {
    firstRow,
    rows,
    packed,
    lengths: [inputLength, outputLength],
    [Symbol.dispose](): void {
      packed.dispose();
      submitCommands(backend); // commands that are not submitted yet may still read rows
      buffer.destroy();
    },
  };
}

/** Looks up a batch with one dispatch per piece. The caller disposes of the tensors. */
export function gatherExamples(rows: Uint32Array, pieces: readonly Piece[]): BatchTensors {
  registerGather();
  return tf.tidy(() => {
    const list = tf.tensor1d(new Int32Array(rows.buffer, rows.byteOffset, rows.length), "int32");
    const packed = pieces.map((piece, i) => [`piece${i}`, piece.packed] as const);
    const attrs = {
      pieces: pieces.map(({ firstRow, rows, lengths }) => ({ firstRow, rows, lengths })),
    };
    const [sources, targets] = tf.engine().runKernel(
      NAME,
      { list, ...Object.fromEntries(packed) },
      attrs as unknown as tf.NamedAttrMap,
    ) as unknown as [tf.Tensor2D, tf.Tensor2D];
    return { sources, targets };
  });
}

function registerGather(): void {
  if (tf.getKernel(NAME, "webgpu") !== undefined) return;
  tf.registerKernel({
    kernelName: NAME,
    backendName: "webgpu",
    kernelFunc: ({ inputs, attrs, backend }) =>
      runGather(
        inputs,
        (attrs as unknown as { pieces: Omit<Piece, "packed">[] }).pieces,
        backend as unknown as WebGpuBackend,
      ),
  });
}

function runGather(
  inputs: tf.NamedTensorInfoMap,
  pieces: readonly Omit<Piece, "packed">[],
  backend: WebGpuBackend,
): tf.TensorInfo[] {
  const list = inputs["list"] as tf.TensorInfo;
  const [batch] = list.shape as [number];
  const [inputLength, outputLength] = pieces[0]!.lengths;
  const sources = backend.makeTensorInfo([batch, inputLength], "int32");
  const targets = backend.makeTensorInfo([batch, outputLength], "int32");
  runShaders(
    pieces.map(({ firstRow, rows }, i) => ({
      shader: GATHER,
      parameters: { batch, firstRow, rows, inputLength, outputLength },
      tensors: [inputs[`piece${i}`] as tf.TensorInfo, list, sources, targets],
      workgroups: Math.ceil(batch * (inputLength + outputLength) / 64),
    })),
    backend,
  );
  return [sources, targets];
}

function checkIndices({ table, sources, targets }: Dataset): void {
  const isWrong = (index: number): boolean => index >= table.size;
  const wrong = sources.find(isWrong) ?? targets.find(isWrong);
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot upload the dataset: every index must be from 0 to ${
      table.size - 1
    }, but one is ${wrong}`,
  );
}
