/** Where a pass over a network with attention keeps what it computes for each row. @module */
import type { KeptPlace } from "../kept_layout.ts";
import { padToQuads } from "../parameter_layout.ts";
import type { AttentionSizes } from "./attention_sizes.ts";

/**
 * The purpose of a pass over rows.
 *
 * - `train`: a step of training, up to the gradients of the gates
 * - `measure`: the loss, each symbol after the right ones before it
 * - `answer`: each symbol after those that were chosen before it
 * - `encode`: the encoder alone, for the passes that follow
 * - `decode`: one time step of the decoder, for hypotheses whose sources were encoded
 */
export type AttentionPass = "train" | "measure" | "answer" | "encode" | "decode";

/**
 * What is kept of recurrent layers: a text stands for all of them, or for both directions.
 *
 * States, and values with the name of a carried one, have a time step more than the sequence. Forward, those before the position t
 * are at t, and those after it at t + 1; backward, those before it are at t + 1, and those after it at t.
 */
export interface KeptRecurrent {
  readonly states: KeptPlace;
  /** What the cell carries from a time step to the next, by name: its value now. */
  readonly carried: Readonly<Record<string, KeptPlace>>;
  /** What a stage of the cell gives to another, by name. */
  readonly vectors: Readonly<Record<string, KeptPlace>>;
  /** What the next layer reads. */
  readonly outputs: KeptPlace;
  /** Only in training. */
  readonly back?: KeptRecurrentBack;
}

/** What is kept of recurrent layers for the way back. */
export interface KeptRecurrentBack {
  /** What the cell keeps, by name. */
  readonly values: Readonly<Record<string, KeptPlace>>;
  /** Gradients of the gates before their activations. */
  readonly gradients: KeptPlace;
  /** Gradients of the outputs. */
  readonly outputs: KeptPlace;
  /** What the cell carries going back, by name: its value now. */
  readonly carried: Readonly<Record<string, KeptPlace>>;
  /** The gradient of the state that masked positions hand on. */
  readonly pending: KeptPlace;
}

/** A state of a recurrent layer and, by name, what its cell carries. */
export interface KeptState {
  readonly state: KeptPlace;
  readonly carried: Readonly<Record<string, KeptPlace>>;
}

/** What is kept of the encoder. */
export interface KeptEncoder {
  readonly embedded: KeptPlace;
  readonly layers: KeptRecurrent;
  /** What the decoder begins with. */
  readonly last: KeptState;
  /** Only in training: the source's characters as numbers, and the gradients of the embeddings and of `last`. */
  readonly back?: {
    readonly characters: KeptPlace;
    readonly embedded: KeptPlace;
    readonly last: KeptState;
  };
}

/** What is kept of the decoder. */
export interface KeptDecoder {
  readonly embedded: KeptPlace;
  readonly layers: KeptRecurrent;
  /** Products of the states and the score kernel. */
  readonly queries: KeptPlace;
  /** Scores of the positions at the time step now. */
  readonly scores: KeptPlace;
  /** How much each position is looked at. */
  readonly attention: KeptPlace;
  readonly contexts: KeptPlace;
  /** Outputs of the attention as the output layer reads them. */
  readonly attended: KeptPlace;
  /** Logits, then their gradients or the probabilities. */
  readonly logits: KeptPlace;
  /** Only in training. */
  readonly back?: {
    /** The symbols before, as numbers. */
    readonly characters: KeptPlace;
    /** Outputs of the attention before values were dropped. */
    readonly attended: KeptPlace;
    /** Gradients of these before the activation, and of other vectors. */
    readonly dAttended: KeptPlace;
    readonly dContexts: KeptPlace;
    readonly dQueries: KeptPlace;
    readonly dScores: KeptPlace;
    readonly dEmbedded: KeptPlace;
  };
}

/** What is kept of a row. */
export interface AttentionKept {
  readonly encoder: KeptEncoder;
  readonly decoder: KeptDecoder;
  /** Number of quads of a row. */
  readonly quads: number;
  /** Number of single values of a row. */
  readonly values: number;
}

/** Lays out what a pass keeps of a row. `decode` keeps its own values alone: those of the encoder are in `encoded`. */
export function layOutAttention(sizes: AttentionSizes, pass: AttentionPass): AttentionKept {
  if (pass === "decode") {
    const encoder = layOutEncoder(new Places(), sizes, false);
    const places = new Places();
    const decoder = layOutDecoder(places, { ...sizes, outputLength: 1 }, false);
    return { encoder: inBuffer(encoder, "encoded"), decoder, ...places.counts };
  }
  const places = new Places();
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

function layOutEncoder(places: Places, sizes: AttentionSizes, trains: boolean): KeptEncoder {
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

function layOutDecoder(places: Places, sizes: AttentionSizes, trains: boolean): KeptDecoder {
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

function layOutState(places: Places, units: number, names: readonly string[]): KeptState {
  return { state: places.values(1, units), carried: layOutCarried(places, units, names) };
}

function layOutCarried(
  places: Places,
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
  places: Places,
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

/** Counts places one after another. */
class Places {
  readonly #counts = { kept_quads: 0, kept: 0 };
  #made: (KeptPlace & { perLayer?: number; perDirection?: number })[] = [];

  /** Number of quads and of values of a row so far. */
  get counts(): { readonly quads: number; readonly values: number } {
    return { quads: this.#counts.kept_quads, values: this.#counts.kept };
  }

  values(steps: number, width: number): KeptPlace {
    return this.#place("kept", steps, width);
  }

  quads(steps: number, width: number): KeptPlace {
    return this.#place("kept_quads", steps, width);
  }

  /** Gives a place for a number at every time step. */
  characters(steps: number): KeptPlace {
    return { ...this.values(1, padToQuads(steps)), steps, width: 1 };
  }

  /** Makes places of the first of some layers or directions, and leaves room for those of the others. */
  repeat<Made>(stride: "perLayer" | "perDirection", count: number, make: () => Made): Made {
    const [outer, start] = [this.#made, { ...this.#counts }];
    this.#made = [];
    const made = make();
    for (const buffer of ["kept_quads", "kept"] as const) {
      const size = this.#counts[buffer] - start[buffer];
      if (count > 1) {
        for (const place of this.#made) if (place.buffer === buffer) place[stride] = size;
      }
      this.#counts[buffer] += (count - 1) * size;
    }
    this.#made = [...outer, ...this.#made];
    return made;
  }

  #place(buffer: "kept_quads" | "kept", steps: number, width: number): KeptPlace {
    const place = { buffer, before: this.#counts[buffer], steps, width };
    this.#counts[buffer] += steps * width;
    this.#made.push(place);
    return place;
  }
}
