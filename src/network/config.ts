/** The configuration of a model. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { BOOLEAN, choice, integer, TEXT } from "../arguments/rule.ts";
import { createCharacterTable } from "../codec/character_table.ts";
import { MAX_LENGTH } from "../codec/question.ts";

/** The recurrent cell of encoder and decoder: the notebook's constant `RNN`. */
export type Cell = "lstm" | "gru" | "simple";

/** Every cell, for checks and help texts. */
export const CELLS: readonly Cell[] = ["lstm", "gru", "simple"];

/** The configuration of a model: its cell, its sizes and its characters. */
export interface ModelConfig {
  /** Recurrent cell of encoder and decoder. */
  readonly cell: Cell;
  /** Size of the hidden state, H, 1 to 8192. */
  readonly hiddenSize: number;
  /** Number of decoder layers, 1 to 64: the notebook's `LAYERS`. */
  readonly layers: number;
  /** Number of characters of a source, T_in, 1 to 4096. */
  readonly inputLength: number;
  /** Number of characters of a target, T_out, 1 to 4096. */
  readonly outputLength: number;
  /** The 1 to 256 characters, sorted by code point, which is the order of their indices. Their number is V. */
  readonly characters: string;
  /** Whether questions are reversed before they are read. */
  readonly reverse: boolean;
}

const ACTION = "make a model";
/** Largest hidden size: an LSTM layer of it has half a billion parameters. */
const MAX_HIDDEN_SIZE = 8192;
const MAX_LAYERS = 64;

const RULES: Rules<ModelConfig> = {
  cell: choice(CELLS),
  hiddenSize: integer(1, MAX_HIDDEN_SIZE),
  layers: integer(1, MAX_LAYERS),
  inputLength: integer(1, MAX_LENGTH),
  outputLength: integer(1, MAX_LENGTH),
  characters: TEXT,
  reverse: BOOLEAN,
};

/**
 * Checks a model's configuration.
 *
 * @returns a frozen copy
 * @throws {TypeError} if a field is missing, is unknown, or has a wrong type
 * @throws {RangeError} if a value is out of its range, or the characters are not sorted
 * @throws {SyntaxError} if a character occurs twice
 */
export function checkModelConfig(given: unknown): ModelConfig {
  const config = resolveOptions<ModelConfig, object>(given, {
    action: ACTION,
    what: "the config",
    rules: RULES,
    defaults: {},
  });
  const characters = createCharacterTable(config.characters).characters.join("");
  if (characters !== config.characters) {
    throw new RangeError(
      `Cannot make a model: characters must be sorted, as ${JSON.stringify(characters)}, but are ${
        JSON.stringify(config.characters)
      }`,
    );
  }
  return Object.freeze(config);
}

/** Counts the symbols that the encoder looks up. */
export function countSourceSymbols({ characters }: ModelConfig): number {
  return Array.from(characters).length;
}

/** Counts the symbols that the dense layer chooses from. */
export function countTargetSymbols({ characters }: ModelConfig): number {
  return Array.from(characters).length;
}
