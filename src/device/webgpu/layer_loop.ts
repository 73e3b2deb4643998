/** Layers that differ only in the places of their values are written once, as a loop: a text of 64 layers would compile for minutes. @module */
import type { RepeatNetwork } from "../../network/network.ts";
import type { KeptLayer, KeptPlace } from "./kept_layout.ts";
import type { LayerPlace } from "./parameter_layout.ts";
import type { RowsScope } from "./rows_scope.ts";

/** Layers with the same text: a layer alone, or several in a row. */
export interface LayerRun {
  /** The first layer. */
  readonly first: number;
  /** Number of layers. */
  readonly count: number;
}

/** Groups the layers of a network whose text forward, and that of their neighbours, is the same. */
export function groupForward({ layers }: RepeatNetwork): LayerRun[] {
  return group(layers.map((layer) => layer.type === "recurrent" ? layer.input : layer.type));
}

/** Groups the layers whose text backward is the same: it depends on the next layer too. */
export function groupBackward({ layers }: RepeatNetwork): LayerRun[] {
  return group(
    layers.map((layer, i) =>
      layer.type === "recurrent" ? `${layer.input} ${layers[i + 1]!.type}` : layer.type
    ),
  );
}

/** Gives the scope of the text of some layers: in it, the places of the first and of its neighbours depend on the turn of the loop. */
export function scopeOfRun(scope: RowsScope, { first, count }: LayerRun): RowsScope {
  if (count === 1) return scope;
  const { parameters, kept } = scope;
  const isNear = (i: number): boolean => Math.abs(i - first) <= 1;
  const [here, next] = [parameters.layers[first]!, parameters.layers[first + 1]!];
  const [keptHere, keptNext] = [kept.layers[first]!, kept.layers[first + 1]!];
  const matrices = next.recurrent[0]!.at - here.recurrent[0]!.at;
  const biases = next.bias.at - here.bias.at;
  const rows = (place: KeptPlace): number => {
    const find = ({ states, gradients, values }: KeptLayer): number =>
      [states, gradients, ...Object.values(values)].find((each) => each?.buffer === place.buffer)!
        .before;
    return find(keptNext) - find(keptHere);
  };
  return {
    ...scope,
    parameters: {
      ...parameters,
      layers: parameters.layers.map((layer, i) =>
        isNear(i) ? shiftParameters(layer, matrices, biases) : layer
      ),
    },
    kept: {
      ...kept,
      layers: kept.layers.map((layer, i) =>
        isNear(i) ? shiftKept(layer, (place) => ({ ...place, perLayer: rows(place) })) : layer
      ),
    },
  };
}

function shiftParameters(layer: LayerPlace, matrices: number, biases: number): LayerPlace {
  return {
    ...layer,
    inputs: layer.inputs.map((place) => ({ ...place, perLayer: matrices })),
    recurrent: layer.recurrent.map((place) => ({ ...place, perLayer: matrices })),
    bias: { ...layer.bias, perLayer: biases },
  };
}

function shiftKept(layer: KeptLayer, shift: (place: KeptPlace) => KeptPlace): KeptLayer {
  const { states, gradients, values, vectors } = layer;
  const shiftAll = (places: Readonly<Record<string, KeptPlace>>): Record<string, KeptPlace> =>
    Object.fromEntries(Object.entries(places).map(([name, place]) => [name, shift(place)]));
  return {
    ...layer,
    ...(states && { states: shift(states) }),
    ...(gradients && { gradients: shift(gradients) }),
    ...{ values: shiftAll(values), vectors: shiftAll(vectors) },
  };
}

function group(texts: readonly string[]): LayerRun[] {
  const runs: LayerRun[] = [];
  for (const [i, text] of texts.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && texts[last.first] === text) {
      runs[runs.length - 1] = { ...last, count: last.count + 1 };
    } else runs.push({ first: i, count: 1 });
  }
  return runs;
}
