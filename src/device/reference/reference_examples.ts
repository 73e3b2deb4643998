/** Held examples of the reference: they stay on the host, and each batch becomes tensors. @module */
import type { Network } from "../../network/network.ts";
import type { Examples, HeldExamples } from "../executor.ts";
import { markCounted } from "./counted_positions.ts";
import type { BatchTensors } from "./differentiate.ts";
import type { Tfjs } from "./tfjs_webgpu.ts";

/** Copies of examples. */
export class ReferenceExamples implements HeldExamples {
  readonly count: number;
  readonly #network: Network;
  readonly #sources: Uint8Array;
  readonly #targets: Uint8Array;
  readonly #forget: () => void;
  #disposed = false;

  /** Copies examples that were checked. @param forget what is called when they are disposed of */
  constructor(network: Network, { count, sources, targets }: Examples, forget: () => void) {
    this.count = count;
    this.#network = network;
    this.#sources = sources.slice();
    this.#targets = targets.slice();
    this.#forget = forget;
  }

  /** Whether they were disposed of. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** Gives the target indices of some rows, in their order. */
  targetsOf(rows: Uint32Array): Int32Array {
    return gather(this.#targets, this.#network.outputLength, rows);
  }

  /** Makes tensors of some rows, in their order. */
  batch(tf: Tfjs, rows: Uint32Array): BatchTensors {
    const { inputLength, outputLength } = this.#network;
    const sources = gather(this.#sources, inputLength, rows);
    const targets = this.targetsOf(rows);
    const shape: [number, number] = [rows.length, outputLength];
    return {
      sources: tf.tensor2d(sources, [rows.length, inputLength], "int32"),
      targets: tf.tensor2d(targets, shape, "int32"),
      counted: tf.tensor2d(markCounted(this.#network, targets), shape),
    };
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#forget();
  }
}

function gather(indices: Uint8Array, length: number, rows: Uint32Array): Int32Array {
  const gathered = new Int32Array(rows.length * length);
  rows.forEach((row, i) =>
    gathered.set(indices.subarray(row * length, (row + 1) * length), i * length)
  );
  return gathered;
}
