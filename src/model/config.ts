/** What shape a model has. @module */
import { createCharacterTable } from "../codec/character_table.ts";

/** The recurrent cell of encoder and decoder: the notebook's constant `RNN`. */
export type Cell = "lstm" | "gru" | "simple";

/** Every cell, for checks and help texts. */
export const CELLS: readonly Cell[] = ["lstm", "gru", "simple"];

/** What shape a model has. */
export interface ModelConfig {
  /** Recurrent cell. */
  readonly cell: Cell;
  /** Size of the hidden state, H. */
  readonly hiddenSize: number;
  /** Number of decoder layers: the notebook's `LAYERS`. */
  readonly layers: number;
  /** Characters of a source, T_in. */
  readonly inputLength: number;
  /** Characters of a target, T_out. */
  readonly outputLength: number;
  /** The characters in the order of their indices; their number is V. */
  readonly characters: string;
  /** Whether questions are reversed before they are read. */
  readonly reverse: boolean;
}

/** A hidden size beyond this is a mistake: one such LSTM layer has half a billion parameters. */
const MAX_HIDDEN_SIZE = 8192;
const MAX_LAYERS = 64;
const MAX_LENGTH = 4096;

/**
 * Checks a model's shape.
 *
 * @throws {RangeError} if a value is out of its range
 * @throws {SyntaxError} if a character comes twice
 */
export function checkModelConfig(config: ModelConfig): void {
  if (!CELLS.includes(config.cell)) {
    throw new RangeError(
      `Cannot make a model: cell must be one of ${CELLS.join(", ")}, but is "${config.cell}"`,
    );
  }
  checkCount("hiddenSize", config.hiddenSize, MAX_HIDDEN_SIZE);
  checkCount("layers", config.layers, MAX_LAYERS);
  checkCount("inputLength", config.inputLength, MAX_LENGTH);
  checkCount("outputLength", config.outputLength, MAX_LENGTH);
  const { characters } = createCharacterTable(config.characters);
  if (characters.join("") !== config.characters) {
    throw new RangeError(
      `Cannot make a model: characters must be sorted, as "${
        characters.join("")
      }", but are "${config.characters}"`,
    );
  }
}

function checkCount(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new RangeError(
    `Cannot make a model: ${name} must be an integer from 1 to ${most}, but is ${value}`,
  );
}
