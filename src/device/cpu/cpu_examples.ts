/** Examples in the kernels' memory. @module */
import type { Network } from "../../network/network.ts";
import type { Examples, HeldExamples } from "../executor.ts";
import { type ExampleSpans, measureSpans } from "./attention/spans.ts";
import type { Engine } from "./engine.ts";

/** Examples in memory. */
export class CpuExamples implements HeldExamples {
  readonly count: number;
  /** Addresses of the indices, uint8 (N, T_in) and (N, T_out). */
  readonly sources: number;
  readonly targets: number;
  /** The time steps that each needs, for a network with attention. */
  readonly spans: ExampleSpans | undefined;
  readonly #engine: Engine;
  readonly #forget: () => void;
  #disposed = false;

  /** Copies examples that were checked. @param forget what is called when they are disposed of @throws {RangeError} if they do not fit */
  constructor(
    engine: Engine,
    { network, examples: { count, sources, targets }, forget }: {
      readonly network: Network;
      readonly examples: Examples;
      readonly forget: () => void;
    },
  ) {
    this.count = count;
    this.sources = engine.heap.allocate(sources.length + targets.length);
    this.targets = this.sources + sources.length;
    this.spans = network.decoder === "attention"
      ? measureSpans(network, sources, targets)
      : undefined;
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
