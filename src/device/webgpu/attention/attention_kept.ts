/** Where a pass over a network with attention keeps what it computes for each row. @module */
import type { KeptPlace } from "../kept_layout.ts";

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
