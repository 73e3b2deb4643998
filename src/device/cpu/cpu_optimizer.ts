/** The state of an optimiser in the kernels' memory. @module */
import type { Network } from "../../network/network.ts";
import type { OptimizerState } from "../executor.ts";
import { OPTIMIZER_SLOTS, type OptimizerSettings } from "../optimizer.ts";
import { momentName, optimizerLayout, type PlacedOptimizer } from "./adam.ts";
import type { Engine } from "./engine.ts";

/** The state of an optimiser. */
export class CpuOptimizerState implements OptimizerState {
  readonly settings: OptimizerSettings;
  /** Where it lies. */
  readonly placed: PlacedOptimizer;
  readonly #engine: Engine;
  readonly #block: number;
  readonly #views: readonly Float32Array[];
  readonly #forget: () => void;
  #disposed = false;

  /**
   * Allocates a state.
   *
   * @param values its tensors, which were checked; undefined: zeros
   * @param forget what is called when it is disposed of
   * @throws {RangeError} if it does not fit into memory
   */
  constructor(engine: Engine, network: Network, options: {
    readonly settings: OptimizerSettings;
    readonly values: readonly Float32Array[] | undefined;
    readonly forget: () => void;
  }) {
    const { settings, values, forget } = options;
    const layout = optimizerLayout(network);
    this.settings = settings;
    this.#engine = engine;
    this.#forget = forget;
    this.#block = engine.heap.allocate(layout.sizeBytes);
    const moments = (name: string): number => layout.at(this.#block, name);
    this.placed = { settings, moments };
    this.#views = OPTIMIZER_SLOTS[settings.name].flatMap((slot) =>
      network.parameters.map(({ shape }, i) =>
        engine.floats(moments(momentName(slot, i)), shape.reduce((a, b) => a * b, 1))
      )
    );
    this.#views.forEach((view, i) => values === undefined ? view.fill(0) : view.set(values[i]!));
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Copies its tensors out, in the order of `nameOptimizerState`. */
  read(): Float32Array[] {
    return this.#views.map((view) => view.slice());
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#engine.heap.free(this.#block);
    this.#forget();
  }
}
