/** The configuration of a model. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { integer, objectRule } from "../arguments/rule.ts";
import { choiceSetting, numberSetting, type SettingTable } from "../arguments/setting.ts";
import { checkTextLayout, type Layout } from "../codec/layout.ts";

/** The recurrent cell of encoder and decoder: the notebook's constant `RNN`. */
export type Cell = "lstm" | "gru" | "simple";

/** Every cell, for checks and help texts. */
export const CELLS: readonly Cell[] = ["lstm", "gru", "simple"];

/** The shape of a model: what a person chooses. */
export interface ModelShape {
  /** Recurrent cell of encoder and decoder. */
  readonly cell: Cell;
  /** Size of the hidden state, H, 1 to 8192. */
  readonly hiddenSize: number;
  /** Number of decoder layers, 1 to 64: the notebook's `LAYERS`. */
  readonly layers: number;
}

/** The configuration of a model: its shape, and the layout of its sources and targets. */
export interface ModelConfig extends ModelShape, Layout {}

const ACTION = "make a model";
/** Largest hidden size: an LSTM layer of it has half a billion parameters. */
const MAX_HIDDEN_SIZE = 8192;
const MAX_LAYERS = 64;

/** The shape of a model, with the notebook's values. Checks, options of the command line and help come from this table. */
export const MODEL_SETTINGS: SettingTable<ModelShape> = {
  hiddenSize: numberSetting(integer(1, MAX_HIDDEN_SIZE), {
    title: "Hidden size",
    help: `size of the hidden state, 1 to ${MAX_HIDDEN_SIZE}`,
    default: 128,
  }),
  layers: numberSetting(integer(1, MAX_LAYERS), {
    title: "Decoder layers",
    help: `number of decoder layers, 1 to ${MAX_LAYERS}`,
    default: 1,
  }),
  cell: choiceSetting(CELLS, {
    title: "Cell",
    help: `recurrent cell: ${CELLS.join(", ")}`,
    default: "lstm",
  }),
};

const RULES: Rules<ModelConfig> = {
  ...MODEL_SETTINGS,
  source: objectRule(),
  target: objectRule(),
};

/**
 * Checks a model's configuration.
 *
 * @returns a frozen copy
 * @throws {TypeError} if a field is missing, is unknown, or has a wrong type
 * @throws {RangeError} if a value is out of its range
 * @throws {SyntaxError} if a symbol occurs twice or cannot be a symbol
 */
export function checkModelConfig(given: unknown): ModelConfig {
  const config = resolveOptions<ModelConfig, object>(given, {
    action: ACTION,
    what: "the config",
    rules: RULES,
    defaults: {},
  });
  const source = checkTextLayout(ACTION, config.source, "the source's layout");
  const target = checkTextLayout(ACTION, config.target, "the target's layout");
  return Object.freeze({ ...config, source, target });
}

/** Counts the symbols that the encoder looks up. */
export function countSourceSymbols({ source }: Layout): number {
  return source.symbols.length;
}

/** Counts the symbols that the dense layer chooses from. */
export function countTargetSymbols({ target }: Layout): number {
  return target.symbols.length;
}
