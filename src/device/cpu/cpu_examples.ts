/** Examples in the kernels' memory. @module */
import type { Examples, HeldExamples } from "../executor.ts";
import type { Engine } from "./engine.ts";

/** Examples in memory. */
export class CpuExamples implements HeldExamples {
  readonly count: number;
  /** Addresses of the indices, uint8 (N, T_in) and (N, T_out). */
  readonly sources: number;
  readonly targets: number;
  readonly #engine: Engine;
  readonly #forget: () => void;
  #disposed = false;

  /** Copies examples that were checked. @param forget what is called when they are disposed of @throws {RangeError} if they do not fit */
  constructor(engine: Engine, { count, sources, targets }: Examples, forget: () => void) {
    this.count = count;
    this.sources = engine.heap.allocate(sources.length + targets.length);
    this.targets = this.sources + sources.length;
    this.#engine = engine;
    this.#forget = forget;
    engine.bytes(this.sources, sources.length).set(sources);
    engine.bytes(this.targets, targets.length).set(targets);
  }

  /** Whether they were disposed of. */
  get disposed(): boolean {
    return this.#disposed;
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#engine.heap.free(this.sources);
    this.#forget();
  }
}
