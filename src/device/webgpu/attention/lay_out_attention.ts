/** Lays out what a pass over a network with attention keeps of each row. @module */
import type { KeptPlace } from "../kept_layout.ts";
import { padToQuads } from "../parameter_layout.ts";
import type {
  AttentionKept,
  AttentionPass,
  KeptDecoder,
  KeptEncoder,
  KeptRecurrent,
  KeptRecurrentBack,
  KeptState,
} from "./attention_kept.ts";
import type { AttentionSizes } from "./attention_sizes.ts";
import { KeptPlaces } from "./kept_places.ts";

/** Lays out what a pass keeps of a row. `decode` keeps its own values alone: those of the encoder are in `encoded`. */
export function layOutAttention(sizes: AttentionSizes, pass: AttentionPass): AttentionKept {
  if (pass === "decode") {
    const encoder = layOutEncoder(new KeptPlaces(), sizes, false);
    const places = new KeptPlaces();
    const decoder = layOutDecoder(places, { ...sizes, outputLength: 1 }, false);
    return { encoder: inBuffer(encoder, "encoded"), decoder, ...places.counts };
  }
  const places = new KeptPlaces();
  const trains = pass === "train";
  const encoder = layOutEncoder(places, sizes, trains);
  const { counts } = places;
  const decoder = layOutDecoder(places, sizes, trains);
  return { encoder, decoder, ...(pass === "encode" ? counts : places.counts) };
}

/** Gives the same places in another buffer. */
export function inBuffer<Kept extends object>(kept: Kept, buffer: KeptPlace["buffer"]): Kept {
  const entries = Object.entries(kept).map(([name, value]) => [
    name,
    name === "buffer" ? buffer : typeof value === "object" ? inBuffer(value, buffer) : value,
  ]);
  return Object.fromEntries(entries);
}

function layOutEncoder(places: KeptPlaces, sizes: AttentionSizes, trains: boolean): KeptEncoder {
  const { inputLength: T, units, embedded } = sizes;
  return {
    embedded: places.values(T, embedded),
    layers: layOutRecurrent(places, sizes, {
      ...{ T, trains, count: sizes.encoderLayers },
      ...{ directions: sizes.directions, units: sizes.directionUnits },
    }),
    last: layOutState(places, units, sizes.cell.carried),
    ...(trains && {
      back: {
        characters: places.characters(T),
        embedded: places.values(T, embedded),
        last: layOutState(places, units, sizes.cell.carriedBack),
      },
    }),
  };
}

function layOutDecoder(places: KeptPlaces, sizes: AttentionSizes, trains: boolean): KeptDecoder {
  const { outputLength: T, units, embedded } = sizes;
  const positions = padToQuads(sizes.inputLength);
  const vectors = (): KeptPlace => places.values(T, units);
  return {
    embedded: places.values(T, embedded),
    layers: layOutRecurrent(places, sizes, {
      ...{ T, trains, count: sizes.decoderLayers, directions: 1, units },
    }),
    ...{ queries: vectors(), scores: places.values(1, positions) },
    ...{ attention: places.values(T, positions), contexts: vectors(), attended: vectors() },
    logits: places.values(T, sizes.paddedCharacters),
    ...(trains && {
      back: {
        ...{ characters: places.characters(T), attended: vectors(), dAttended: vectors() },
        ...{ dContexts: vectors(), dQueries: vectors() },
        ...{ dScores: places.values(T, positions), dEmbedded: places.values(T, embedded) },
      },
    }),
  };
}

function layOutState(places: KeptPlaces, units: number, names: readonly string[]): KeptState {
  return { state: places.values(1, units), carried: layOutCarried(places, units, names) };
}

function layOutCarried(
  places: KeptPlaces,
  units: number,
  names: readonly string[],
): Record<string, KeptPlace> {
  return Object.fromEntries(names.map((name) => [name, places.values(1, units)]));
}

interface RecurrentSize {
  readonly T: number;
  /** Number of layers. */
  readonly count: number;
  readonly directions: number;
  /** Number of units of a direction, padded. */
  readonly units: number;
  readonly trains: boolean;
}

function layOutRecurrent(
  places: KeptPlaces,
  { cell, units: width }: AttentionSizes,
  { T, count, directions, units, trains }: RecurrentSize,
): KeptRecurrent {
  const direction = (): Omit<KeptRecurrent, "outputs" | "back"> & {
    readonly back?: Omit<KeptRecurrentBack, "outputs">;
  } => ({
    states: places.values(T + 1, units),
    carried: layOutCarried(places, units, cell.carried),
    vectors: Object.fromEntries(cell.vectors.map((name) => [name, places.values(T, units)])),
    ...(trains && {
      back: {
        values: Object.fromEntries(
          Object.entries(cell.keeps).map(([name, each]) => [
            name,
            each === 4 ? places.quads(T + 1, units) : places.values(T + 1, units),
          ]),
        ),
        gradients: cell.groups[0]!.length === 4
          ? places.quads(T, units)
          : places.values(T, cell.groups.flat().length * units),
        carried: layOutCarried(places, units, cell.carriedBack),
        pending: places.values(1, units),
      },
    }),
  });
  return places.repeat("perLayer", count, () => {
    const { back, ...layer } = places.repeat("perDirection", directions, direction);
    return {
      ...{ ...layer, outputs: places.values(T, width) },
      ...(back && { back: { ...back, outputs: places.values(T, width) } }),
    };
  });
}
