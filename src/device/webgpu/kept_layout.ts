/** Where a step keeps what it computes for each row of a batch, until the weight gradients are taken. @module */
import type { RecurrentLayer, RepeatLayer, RepeatNetwork } from "../../network/network.ts";
import type { NetworkSizes } from "./network_sizes.ts";
import { type LoopStrides, padToQuads, placeInLoop, rowColumns } from "./parameter_layout.ts";
import type { RowsShape } from "./rows_shape.ts";

/** Values that are kept of every row at every time step: (time steps, rows, width). */
export interface KeptPlace extends LoopStrides {
  /**
   * The buffer: one of vectors of 4 values, one of values. `encoded` and `before` are of values too, those that were kept by earlier
   * dispatches: of sources, and of the symbol before.
   */
  readonly buffer: "kept_quads" | "kept" | "encoded" | "before";
  /** Number of elements of a row before it. */
  readonly before: number;
  /** Number of time steps. */
  readonly steps: number;
  /** Number of elements of a row at a time step. */
  readonly width: number;
}

/** What is kept of a layer. */
export interface KeptLayer {
  /** The hidden states; undefined if nothing reads them. */
  readonly states?: KeptPlace;
  /** What the cell keeps for the way back, by name. */
  readonly values: Readonly<Record<string, KeptPlace>>;
  /** What one stage of the cell gives to another, by name. */
  readonly vectors: Readonly<Record<string, KeptPlace>>;
  /** Gradients of the gates before their activations; of the dense layer, the logits, then their gradients. */
  readonly gradients?: KeptPlace;
  /** Sums of the gradients over time, if the layer's input is one vector at every time step. */
  readonly totals?: KeptPlace;
}

/** What is kept of a row. */
export interface KeptLayout {
  readonly layers: readonly KeptLayer[];
  /** The characters of the source, as numbers; only in training. */
  readonly characters?: KeptPlace;
  /** Number of quads of a row. */
  readonly quads: number;
  /** Number of single values of a row. */
  readonly values: number;
}

/** The purpose of a pass over rows: a step of training, or to answer, forward alone. */
export type Pass = "train" | "answer";

/** Lays out what a pass keeps of a row. */
export function layOutKept(
  network: RepeatNetwork,
  sizes: NetworkSizes,
  { pass, shape }: { readonly pass: Pass; readonly shape: RowsShape },
): KeptLayout {
  const trains = pass === "train";
  const count = { kept_quads: 0, kept: 0 };
  const place = (buffer: "kept_quads" | "kept", steps: number, width: number): KeptPlace => {
    const made = { buffer, before: count[buffer], steps, width };
    count[buffer] += steps * width;
    return made;
  };
  const recurrent = (layer: RecurrentLayer): KeptLayer => {
    const { timeSteps } = layer;
    const { cell, units } = sizes;
    const isRead = trains || layer.output === "every" || shape.memory === "storage";
    const vectors = trains || shape.memory === "storage" ? cell.vectors : [];
    return {
      ...(isRead ? { states: place("kept", timeSteps, units) } : {}),
      values: mapValues(
        trains ? cell.keeps : {},
        (values) => place(values === 4 ? "kept_quads" : "kept", timeSteps, units),
      ),
      vectors: Object.fromEntries(vectors.map((name) => [name, place("kept", timeSteps, units)])),
      ...(trains ? { gradients: placeGates(layer, timeSteps) } : {}),
    };
  };
  const placeGates = (layer: RepeatLayer, steps: number): KeptPlace =>
    gatesAreQuads(layer)
      ? place("kept_quads", steps, rowColumns(layer) / 4)
      : place("kept", steps, rowColumns(layer));
  const layers = network.layers.map((layer): KeptLayer =>
    layer.type === "recurrent"
      ? recurrent(layer)
      : { values: {}, vectors: {}, gradients: placeGates(layer, layer.timeSteps) }
  );
  return {
    // the totals follow, so that what is kept of one layer is as far from that of the next everywhere
    layers: network.layers.map((layer, i) =>
      trains && layer.type === "recurrent" && layer.input === "repeated"
        ? { ...layers[i]!, totals: placeGates(layer, 1) }
        : layers[i]!
    ),
    ...(trains ? { characters: place("kept", 1, padToQuads(sizes.inputLength)) } : {}),
    ...{ quads: count.kept_quads, values: count.kept },
  };
}

/** Writes the index of an element: at a time step, of a row, at a place in it. `stride` is the number of rows that are kept in the buffer. */
export function keptIndex(place: KeptPlace, time: string, row: string, at: string): string {
  const { before, width, buffer } = place;
  const stride = buffer === "encoded" || buffer === "before" ? `${buffer}_stride` : "stride";
  return `(${
    placeInLoop(before, place)
  } + ${time} * ${width}u) * ${stride} + ${row} * ${width}u + ${at}`;
}

/** Writes an element. */
export function keptElement(place: KeptPlace, time: string, row: string, at: string): string {
  return `${place.buffer}[${keptIndex(place, time, row, at)}]`;
}

/** Whether the gates of a unit lie together as a quad. */
export function gatesAreQuads(layer: RepeatLayer): boolean {
  return layer.type === "recurrent" && layer.gates === 4;
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
