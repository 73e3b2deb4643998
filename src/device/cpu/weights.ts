/** The parameters of a network in the kernels' memory, and their packed copies. @module */
import type { Network } from "../../network/network.ts";
import { createArgumentWriter } from "./arguments.ts";
import type { Engine } from "./engine.ts";
import { type Layout, layOut } from "./layout.ts";
import { partTableBytes, writePartTable } from "./part_table.ts";
import { copyName, listParts, packedSizes, parameterName, parameterSizes } from "./parts.ts";
import { structBytes } from "./structs.ts";

/** The parameters in memory. */
export interface Weights {
  /** Gives the address of a parameter, or of its copy for products with it: see `parameterName` and `copyName`. */
  at(name: string): number;
  /** Copies new values in, and packs them. */
  write(values: readonly Float32Array[]): void;
  /** Copies all values out. */
  read(): Float32Array[];
  /** Packs copies for products with the transposes too, from now on. @param addressOf gives the place of a copy */
  packTransposed(addressOf: (name: string) => number): void;
}

/** Approximate cost of packing a value, in multiply-adds. */
const WORK_PER_VALUE = 4;

/** Places parameters and copies in one block. */
export function weightLayout(network: Network): Layout {
  const packing = structBytes("PackArgs") + partTableBytes(listParts(network));
  return layOut([...parameterSizes(network), ...packedSizes(network), ["packing", packing]]);
}

/** Allocates the parameters, and copies their values. @throws {RangeError} if they do not fit into memory */
export function loadWeights(
  engine: Engine,
  network: Network,
  values: readonly Float32Array[],
): Weights {
  const layout = weightLayout(network);
  const block = engine.heap.allocate(layout.sizeBytes);
  const at = (name: string): number => layout.at(block, name);
  const counts = network.parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const views = counts.map((count, i) => engine.floats(at(parameterName(i)), count));
  const parts = listParts(network);
  let transposedAt: (name: string) => number = () => 0;
  const pack = (): void => {
    const writer = createArgumentWriter(engine.heap.memory, {
      address: at("packing"),
      sizeBytes: structBytes("PackArgs") + partTableBytes(parts),
    });
    const { address, tasks } = writePartTable(writer, parts, (part) => ({
      parameter: at(parameterName(part.parameter)),
      ...{ m: 0, v: 0, gradient: 0 },
      forward: at(copyName(part)),
      transposed: transposedAt(copyName(part)),
    }));
    const args = writer.write("PackArgs", { parts: address });
    const work = WORK_PER_VALUE * counts.reduce((a, b) => a + b, 0);
    engine.run({ phases: [[{ kernel: "packWeights", args, tasks }]], work });
  };
  const write = (given: readonly Float32Array[]): void => {
    views.forEach((view, i) => view.set(given[i]!));
    pack();
  };
  write(values);
  return {
    at,
    write,
    read: () => views.map((view) => view.slice()),
    packTransposed(addressOf): void {
      transposedAt = addressOf;
      pack();
    },
  };
}
