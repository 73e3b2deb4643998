/** The parts in which the kernels read the parameters, and the copies that are packed for products with them. @module */
import type { RepeatNetwork } from "../../network/network.ts";
import { splitOf, widthOf } from "./layer_sizes.ts";
import { packedBytes } from "./layout.ts";

/** What a part of the parameters is to its layer. */
export type PartRole = "kernel" | "recurrent" | "candidate" | "bias";

/** Some columns of a parameter. */
export interface Part {
  /** Index of its layer. */
  readonly layer: number;
  readonly role: PartRole;
  /** Index of its parameter. */
  readonly parameter: number;
  readonly rows: number;
  /** First column. */
  readonly column: number;
  readonly columns: number;
  /** Columns of the whole parameter. */
  readonly width: number;
  /** Whether it is packed: as the right-hand side of a product with it, and of one with its transpose. */
  readonly packed: boolean;
}

/** Lists the parts of all parameters of a network. */
export function listParts(network: RepeatNetwork): Part[] {
  return network.layers.flatMap((layer, index) => {
    const { inputSize, firstParameter } = layer;
    const part = (
      role: PartRole,
      place: Pick<Part, "rows" | "columns" | "packed"> & Partial<Pick<Part, "column" | "width">>,
    ): Part => ({
      ...{ layer: index, role, column: 0, width: place.columns },
      parameter: firstParameter + { kernel: 0, recurrent: 1, candidate: 1, bias: 2 }[role],
      ...place,
    });
    if (layer.type === "dense") {
      const columns = layer.outputSize;
      return [
        part("kernel", { rows: inputSize, columns, packed: true }),
        { ...part("bias", { rows: 1, columns, packed: false }), parameter: firstParameter + 1 },
      ];
    }
    const width = widthOf(layer), split = splitOf(layer), rows = layer.hiddenSize;
    const candidate = { rows, column: split, columns: width - split, width, packed: true };
    return [
      part("kernel", { rows: inputSize, columns: width, packed: layer.input !== "indices" }),
      part("recurrent", { rows, columns: split, width, packed: true }),
      ...(split < width ? [part("candidate", candidate)] : []),
      part("bias", { rows: 1, columns: width, packed: false }),
    ];
  });
}

/** The name of a part's copy. */
export function copyName({ role, layer }: Pick<Part, "role" | "layer">): string {
  return `${role} ${layer}`;
}

/** The name of a parameter's values, moments or gradient. */
export function parameterName(index: number): string {
  return `parameter ${index}`;
}

/** Gives the names and sizes of the copies for products with the parts. */
export function packedSizes(network: RepeatNetwork): (readonly [name: string, bytes: number])[] {
  return packedParts(network).map((part) =>
    [copyName(part), packedBytes(part.rows, part.columns)] as const
  );
}

/** Gives the names and sizes of the copies for products with the transposes of the parts. */
export function transposedSizes(
  network: RepeatNetwork,
): (readonly [name: string, bytes: number])[] {
  return packedParts(network).map((part) =>
    [copyName(part), packedBytes(part.columns, part.rows)] as const
  );
}

function packedParts(network: RepeatNetwork): Part[] {
  return listParts(network).filter(({ packed }) => packed);
}

/** Gives the names and sizes of tensors of the parameters' shapes. */
export function parameterSizes(
  { parameters }: RepeatNetwork,
): (readonly [name: string, bytes: number])[] {
  return parameters.map(({ shape }, i) =>
    [parameterName(i), 4 * shape.reduce((a, b) => a * b, 1)] as const
  );
}
