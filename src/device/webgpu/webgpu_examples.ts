/** Examples on a GPU. @module */
import type { Network } from "../../network/network.ts";
import type { Examples, HeldExamples } from "../executor.ts";
import type { DeviceBuffers } from "./device_buffers.ts";

/** Examples in a buffer: each is its source and its target, a byte a character. */
export class WebGpuExamples implements HeldExamples {
  readonly count: number;
  readonly buffer: GPUBuffer;
  readonly #buffers: DeviceBuffers;
  readonly #forget: () => void;
  #disposed = false;

  /** Uploads examples that were checked. @param forget is called when they are disposed of */
  constructor(network: Network, examples: Examples, buffers: DeviceBuffers, forget: () => void) {
    this.count = examples.count;
    this.buffer = buffers.upload("examples", interleave(network, examples));
    this.#buffers = buffers;
    this.#forget = forget;
  }

  /** Whether they were disposed of. */
  get disposed(): boolean {
    return this.#disposed;
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#buffers[Symbol.dispose]();
    this.#forget();
  }
}

function interleave(
  { inputLength, outputLength }: Network,
  { count, sources, targets }: Examples,
): Uint8Array {
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
