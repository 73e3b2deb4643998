/** Examples on a GPU. @module */
import type { Network } from "../../network/network.ts";
import type { Examples, HeldExamples } from "../executor.ts";
import type { ExampleSource } from "./ask.ts";
import type { DeviceBuffers } from "./device_buffers.ts";

/**
 * Examples in a buffer: each is its source and its target, a byte a character. If no buffer can have their size, they stay on the
 * host, and those that are needed are uploaded.
 */
export class WebGpuExamples implements HeldExamples {
  readonly count: number;
  readonly source: ExampleSource;
  readonly #bytes: Uint8Array<ArrayBuffer> | undefined;
  /** For each example, the number of its target's positions that count. */
  readonly #counts: Uint32Array;
  readonly #buffers: DeviceBuffers;
  readonly #forget: () => void;
  #disposed = false;

  /**
   * Takes examples that were checked.
   *
   * @param mostBytes most bytes of a buffer; @param forget is called when they are disposed of
   */
  constructor(
    network: Network,
    examples: Examples,
    { buffers, mostBytes, forget }: {
      readonly buffers: DeviceBuffers;
      readonly mostBytes: number;
      readonly forget: () => void;
    },
  ) {
    this.count = examples.count;
    this.#counts = countPositions(network, examples);
    const bytes = interleave(network, examples);
    const length = network.inputLength + network.outputLength;
    if (bytes.length > mostBytes) {
      this.#bytes = bytes;
      this.source = {
        buffer: undefined,
        bytesOf: (first, count) => bytes.subarray(first * length, (first + count) * length),
      };
    } else this.source = { buffer: buffers.upload("examples", bytes) };
    this.#buffers = buffers;
    this.#forget = forget;
  }

  /** Whether they were disposed of. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** Gives the bytes of some rows, if the examples are on the host. */
  gather(rows: Uint32Array): Uint8Array<ArrayBuffer> | undefined {
    const bytes = this.#bytes;
    if (bytes === undefined) return undefined;
    const length = bytes.length / this.count;
    const gathered = new Uint8Array(4 * Math.ceil(rows.length * length / 4)); // as copies need
    for (const [i, row] of rows.entries()) {
      gathered.set(bytes.subarray(row * length, (row + 1) * length), i * length);
    }
    return gathered;
  }

  /** Counts the positions of targets that count, of each batch in some rows. */
  countPositions(rows: Uint32Array, batchSize: number): Uint32Array<ArrayBuffer> {
    const counts = new Uint32Array(Math.ceil(rows.length / batchSize));
    for (let i = 0; i < rows.length; i++) {
      counts[Math.floor(i / batchSize)]! += this.#counts[rows[i]!]!;
    }
    return counts;
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#buffers[Symbol.dispose]();
    this.#forget();
  }
}

/** Counts the positions of each target that count: with attention, those up to the first padding. */
function countPositions(network: Network, { count, targets }: Examples): Uint32Array {
  const { outputLength: T } = network;
  const counts = new Uint32Array(count).fill(T);
  if (network.decoder === "repeat" || network.targetPadding === null) return counts;
  for (let row = 0; row < count; row++) {
    const end = targets.subarray(row * T, (row + 1) * T).indexOf(network.targetPadding);
    if (end >= 0) counts[row] = end + 1;
  }
  return counts;
}

function interleave(
  { inputLength, outputLength }: Network,
  { count, sources, targets }: Examples,
): Uint8Array<ArrayBuffer> {
  const length = inputLength + outputLength;
  const bytes = new Uint8Array(count * length);
  for (let row = 0; row < count; row++) {
    const source = sources.subarray(row * inputLength, (row + 1) * inputLength);
    const target = targets.subarray(row * outputLength, (row + 1) * outputLength);
    bytes.set(source, row * length);
    bytes.set(target, row * length + inputLength);
  }
  return bytes;
}
