/** The parts in which the kernels read the parameters, and the copies that are packed for products with them. @module */
import type { AttentionLayer, Network, NetworkLayer } from "../../network/network.ts";
import { splitOf, widthOf } from "./layer_sizes.ts";
import { packedBytes } from "./layout.ts";

/** What a part of the parameters is to its layer. */
export type PartRole =
  | "kernel"
  | "recurrent"
  | "candidate"
  | "bias"
  | "score"
  | "context"
  | "state"
  | "table";

/** Some rows and columns of a parameter. */
export interface Part {
  /** Index of its layer. */
  readonly layer: number;
  readonly role: PartRole;
  /** Index of its parameter. */
  readonly parameter: number;
  /** First row, and number of rows. */
  readonly row: number;
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
export function listParts(network: Network): Part[] {
  return network.layers.flatMap((layer, index) => {
    const { firstParameter } = layer;
    return layerParts(layer).map(({ parameter, ...place }): Part => ({
      ...{ layer: index, row: 0, column: 0, width: place.columns },
      ...place,
      parameter: firstParameter + parameter,
    }));
  });
}

/** A part, with the index of its parameter in the layer. */
type LayerPart =
  & Pick<Part, "role" | "parameter" | "rows" | "columns" | "packed">
  & Partial<Pick<Part, "row" | "column" | "width">>;

function layerParts(layer: NetworkLayer): LayerPart[] {
  if (layer.type === "embedding") {
    const { vocabularySize: rows, outputSize: columns } = layer;
    return [{ role: "table", parameter: 0, rows, columns, packed: false }];
  }
  if (layer.type === "attention") return attentionParts(layer);
  const { inputSize } = layer;
  if (layer.type === "dense") {
    const columns = layer.outputSize;
    return [
      { role: "kernel", parameter: 0, rows: inputSize, columns, packed: true },
      { role: "bias", parameter: 1, rows: 1, columns, packed: false },
    ];
  }
  const width = widthOf(layer), split = splitOf(layer), rows = layer.hiddenSize;
  const candidate = { rows, column: split, columns: width - split, width, packed: true };
  const packed = layer.input !== "indices";
  return [
    { role: "kernel", parameter: 0, rows: inputSize, columns: width, packed },
    { role: "recurrent", parameter: 1, rows, columns: split, width, packed: true },
    ...(split < width ? [{ role: "candidate", parameter: 1, ...candidate } as const] : []),
    { role: "bias", parameter: 2, rows: 1, columns: width, packed: false },
  ];
}

/** The kernel of the output has two parts: the rows of the context, and those of the state. */
function attentionParts({ hiddenSize: H }: AttentionLayer): LayerPart[] {
  const square = { rows: H, columns: H, packed: true };
  return [
    { role: "score", parameter: 0, ...square },
    { role: "context", parameter: 1, ...square },
    { role: "state", parameter: 1, ...square, row: H },
    { role: "bias", parameter: 2, rows: 1, columns: H, packed: false },
  ];
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
export function packedSizes(network: Network): (readonly [name: string, bytes: number])[] {
  return packedParts(network).map((part) =>
    [copyName(part), packedBytes(part.rows, part.columns)] as const
  );
}

/** Gives the names and sizes of the copies for products with the transposes of the parts. */
export function transposedSizes(
  network: Network,
): (readonly [name: string, bytes: number])[] {
  return packedParts(network).map((part) =>
    [copyName(part), packedBytes(part.columns, part.rows)] as const
  );
}

function packedParts(network: Network): Part[] {
  return listParts(network).filter(({ packed }) => packed);
}

/** Gives the names and sizes of tensors of the parameters' shapes. */
export function parameterSizes(
  { parameters }: Network,
): (readonly [name: string, bytes: number])[] {
  return parameters.map(({ shape }, i) =>
    [parameterName(i), 4 * shape.reduce((a, b) => a * b, 1)] as const
  );
}
