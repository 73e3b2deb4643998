/** Recurrent layers whose texts differ only in the places of their values: they are written once. @module */
import type { KeptPlace } from "../kept_layout.ts";
import {
  type GateGroup,
  groupGates,
  type LayerPlace,
  type LoopStrides,
  type MatrixPlace,
} from "../parameter_layout.ts";
import { type AttentionScope, isMasked } from "./attention_scope.ts";
import type { KeptRecurrent } from "./attention_kept.ts";
import type { CellKernel } from "../cells/cell.ts";

/**
 * A text of recurrent layers: the first, or all others. `deeper` is the number of the layer in encoder or decoder; of a layer with
 * two directions, `half` is that of the direction, and `u` the unit in it.
 */
export interface RecurrentText {
  readonly cell: CellKernel;
  /** Number of directions. */
  readonly directions: number;
  /** Number of units of a direction. */
  readonly size: number;
  /** The same, padded. */
  readonly units: number;
  readonly parameters: LayerPlace;
  readonly kept: KeptRecurrent;
  /** What the layer reads. */
  readonly inputs: KeptPlace;
  /** In training, gradients of what it reads. */
  readonly dInputs: KeptPlace | undefined;
  /** The number of the place where values of its inputs are dropped. */
  readonly inputSite: string;
  /** Declares, for a lane: `u`, `half`, the position `t` and, of states, the time steps `t_before` and `t_after` it. */
  readonly declare: string;
  /** Says whether the position is masked for a row. */
  isMasked(row: number): string;
  /** Writes the text of one layer as that of all that it stands for. */
  forEach(order: "first to last" | "last to first", text: string): string;
}

/** Gives the texts of the encoder. In a loop over positions, `i` is the number of the position in the direction, from `span.x`. */
export function encoderTexts(scope: AttentionScope): RecurrentText[] {
  const { sizes, kept: { encoder } } = scope;
  const { directions, directionUnits } = sizes;
  return listTexts(scope, {
    ...{ count: sizes.encoderLayers, first: sizes.places.encoder, kept: encoder.layers },
    ...{ directions, size: sizes.directionSize, units: directionUnits },
    ...{ embedded: encoder.embedded, dEmbedded: encoder.back?.embedded },
    site: (layer) => layer === 0 ? `${sizes.sites.sourceEmbedding}u` : sizes.sites.encoder[0]!,
    declare: directions === 1
      ? "let u = lane; let t = i; let t_before = t; let t_after = t + 1u;"
      : `
    let half = lane / ${directionUnits}u;
    let u = lane % ${directionUnits}u;
    let t = select(i, span.x + span.y - 1u - i, half == 1u);
    let t_before = t + half;
    let t_after = t + 1u - half;`,
    isMasked: (row) => isMasked(scope, `${row}u`, "t"),
  });
}

/** Gives the texts of the decoder, at the position `t`. */
export function decoderTexts(scope: AttentionScope): RecurrentText[] {
  const { sizes, kept: { decoder } } = scope;
  return listTexts(scope, {
    ...{ count: sizes.decoderLayers, first: sizes.places.decoder, kept: decoder.layers },
    ...{ directions: 1, size: sizes.hiddenSize, units: sizes.units },
    ...{ embedded: decoder.embedded, dEmbedded: decoder.back?.dEmbedded },
    site: (layer) =>
      layer === 0 ? `${sizes.sites.targetEmbedding}u` : sizes.sites.decoderLayers[0]!,
    declare: "let u = lane; let t_before = t; let t_after = t + 1u;",
    isMasked: () => "false",
  });
}

/** Gives the groups of gates of a text's layers. */
export function groupsOf({ cell, units }: RecurrentText): readonly GateGroup[] {
  return groupGates(cell.groups, units);
}

interface Side extends Pick<RecurrentText, "directions" | "size" | "units" | "kept" | "declare"> {
  readonly count: number;
  /** Place of the first layer's first direction among all layers. */
  readonly first: number;
  readonly embedded: KeptPlace;
  readonly dEmbedded: KeptPlace | undefined;
  /** Gives the place where inputs are dropped: of the first layer, or that of the first layer's outputs. */
  site(layer: 0 | 1): string | number;
  isMasked(row: number): string;
}

function listTexts(scope: AttentionScope, side: Side): RecurrentText[] {
  const { first, count, directions, kept } = side;
  const { layers } = scope.parameters;
  const before = { layer: "(deeper - 1u)" };
  const common = { ...side, cell: scope.sizes.cell };
  const start: RecurrentText = {
    ...common,
    parameters: shiftLayer(layers[first]!, directions === 2 ? layers[first + 1]! : undefined),
    ...{ inputs: side.embedded, dInputs: side.dEmbedded, inputSite: String(side.site(0)) },
    forEach: (_, text) => `{ let deeper = 0u; ${text} }`,
  };
  if (count === 1) return [start];
  const second = first + directions;
  const direction = directions === 2 ? layers[second + 1]! : undefined;
  const third = count > 2 ? layers[second + directions]! : undefined;
  return [start, {
    ...common,
    parameters: shiftLayer(layers[second]!, direction, third),
    inputs: { ...kept.outputs, ...before },
    dInputs: kept.back && { ...kept.back.outputs, ...before },
    inputSite: `(${side.site(1)}u + deeper - 1u)`,
    forEach: (order, text) =>
      order === "first to last"
        ? `for (var deeper = 1u; deeper < ${count}u; deeper++) { ${text} }`
        : `for (var deeper = ${count - 1}u; deeper > 0u; deeper--) { ${text} }`,
  }];
}

/** Gives the places of a layer in a text that stands for the other direction, and for the layers after it, too. */
function shiftLayer(
  layer: LayerPlace,
  direction: LayerPlace | undefined,
  next?: LayerPlace,
): LayerPlace {
  const strides = (placeOf: (layer: LayerPlace) => number): LoopStrides => ({
    ...(direction && { perDirection: placeOf(direction) - placeOf(layer) }),
    ...(next && { perLayer: placeOf(next) - placeOf(layer), layer: "(deeper - 1u)" }),
  });
  const matrices = strides((each) => each.recurrent[0]!.at);
  const shift = (places: readonly MatrixPlace[]): MatrixPlace[] =>
    places.map((place) => ({ ...place, ...matrices }));
  return {
    ...layer,
    ...{ inputs: shift(layer.inputs), recurrent: shift(layer.recurrent) },
    bias: { ...layer.bias, ...strides((each) => each.bias.at) },
  };
}
