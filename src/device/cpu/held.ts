/** Examples, and the state of an optimiser, in the kernels' memory. @module */
import type { Network } from "../../network/network.ts";
import type { Examples, HeldExamples, OptimizerState } from "../executor.ts";
import type { OptimizerSettings } from "../optimizer.ts";
import { adamLayout, adamNames } from "./adam.ts";
import type { Engine } from "./engine.ts";
import type { PlacedOptimizer } from "./training_pass.ts";

/** Examples in memory. */
export interface PlacedExamples extends HeldExamples {
  /** Addresses of the indices, uint8. */
  readonly sources: number;
  readonly targets: number;
  readonly disposed: boolean;
}

/** An optimiser's state in memory. */
export interface PlacedState extends OptimizerState {
  readonly placed: PlacedOptimizer;
  /** Copies its tensors out. */
  read(): Float32Array[];
}

/** Copies examples into memory. @throws {RangeError} if they do not fit */
export function placeExamples(
  engine: Engine,
  { count, sources, targets }: Examples,
): PlacedExamples {
  const block = engine.heap.allocate(sources.length + targets.length);
  engine.bytes(block, sources.length).set(sources);
  engine.bytes(block + sources.length, targets.length).set(targets);
  let disposed = false;
  return {
    ...{ count, sources: block, targets: block + sources.length },
    get disposed(): boolean {
      return disposed;
    },
    [Symbol.dispose](): void {
      if (!disposed) engine.heap.free(block);
      disposed = true;
    },
  };
}

/** Allocates an optimiser's state. @param values its tensors; default: zeros @throws {RangeError} if they do not fit */
export function placeOptimizer(
  engine: Engine,
  network: Network,
  { settings, values, isReleased }: {
    readonly settings: OptimizerSettings;
    readonly values: readonly Float32Array[] | undefined;
    /** Whether its executor was disposed of. */
    readonly isReleased: () => boolean;
  },
): PlacedState {
  const layout = adamLayout(network);
  const block = engine.heap.allocate(layout.sizeBytes);
  const moments = (name: string): number => layout.at(block, name);
  const names = adamNames(network), { parameters } = network;
  const views = names.map((name, i) =>
    engine.floats(
      moments(name),
      parameters[i % parameters.length]!.shape.reduce((a, b) => a * b, 1),
    )
  );
  views.forEach((view, i) => values === undefined ? view.fill(0) : view.set(values[i]!));
  let disposed = false;
  return {
    settings,
    placed: { settings, moments },
    read: () => views.map((view) => view.slice()),
    get disposed(): boolean {
      return disposed || isReleased();
    },
    [Symbol.dispose](): void {
      if (!disposed) engine.heap.free(block);
      disposed = true;
    },
  };
}
