/** The configuration of a model. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { integer, isObject, objectRule } from "../arguments/rule.ts";
import {
  choiceSetting,
  numberSetting,
  type SettingTable,
  switchSetting,
} from "../arguments/setting.ts";
import { checkTextLayout, type Layout } from "../codec/layout.ts";

/** The recurrent cell of encoder and decoder: the notebook's constant `RNN`. */
export type Cell = "lstm" | "gru" | "simple";

/** Every cell, for checks and help texts. */
export const CELLS: readonly Cell[] = ["lstm", "gru", "simple"];

/**
 * How a model makes its answer.
 *
 * - `repeat`: the notebook's. The encoder's last state is repeated for every character of the answer, and all characters are chosen
 *   at once
 * - `attention`: symbol by symbol. The decoder reads the symbol before, and looks at every state of the encoder (Luong et al. 2015)
 */
export type Decoder = "repeat" | "attention";

/** Every decoder, for checks and help texts. */
export const DECODERS: readonly Decoder[] = ["repeat", "attention"];

/** The shape of a model: what a person chooses. */
export interface ModelShape {
  /** Recurrent cell of encoder and decoder. */
  readonly cell: Cell;
  /** Size of the hidden state, H, 1 to 8192. */
  readonly hiddenSize: number;
  /** Number of decoder layers, 1 to 64: the notebook's `LAYERS`. */
  readonly layers: number;
  /** How it makes its answer. */
  readonly decoder: Decoder;
  /** Number of encoder layers, 1 to 64. 1 with the decoder `repeat`. */
  readonly encoderLayers: number;
  /**
   * Whether every encoder layer reads the question in both directions, each with H / 2 units, so that H must be even. Their states
   * are concatenated. False with the decoder `repeat`.
   */
  readonly bidirectional: boolean;
  /** Size of a symbol's embedding, E, 1 to 8192; 0 with the decoder `repeat`, which reads one-hot vectors. */
  readonly embeddingSize: number;
}

/** The configuration of a model: its shape, and the layout of its sources and targets. */
export interface ModelConfig extends ModelShape, Layout {}

/** The shape of a model as it is given. What is left out is as in the notebook, or as its decoder usually has it. */
export type GivenModelShape =
  & Pick<ModelShape, "cell" | "hiddenSize" | "layers">
  & Partial<ModelShape>;

/** The configuration of a model as it is given: see {@linkcode GivenModelShape}. */
export type GivenModelConfig = GivenModelShape & Layout;

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
    defaultHelp: "128; for pairs by their number",
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
  decoder: choiceSetting(DECODERS, {
    title: "Decoder",
    help:
      "repeat (the notebook's: all characters of an answer at once) or attention (symbol by symbol, looking at the whole question)",
    defaultHelp: "attention for pairs, else repeat",
  }),
  encoderLayers: numberSetting(integer(1, MAX_LAYERS), {
    title: "Encoder layers",
    help: `number of encoder layers, 1 to ${MAX_LAYERS}; more than 1 only with --decoder attention`,
    defaultHelp: "1",
  }),
  bidirectional: switchSetting({
    title: "Bidirectional",
    help: "read questions in both directions; only with --decoder attention",
    defaultHelp: "on with --decoder attention",
  }),
  embeddingSize: numberSetting(integer(0, MAX_HIDDEN_SIZE), {
    title: "Embedding size",
    help: `size of a symbol's embedding, 1 to ${MAX_HIDDEN_SIZE}; only with --decoder attention`,
    defaultHelp: "half the hidden size, at most 128; for pairs by their number",
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
  const config: ModelConfig = resolveOptions<ModelConfig, Partial<ModelConfig>>(given, {
    action: ACTION,
    what: "the config",
    rules: RULES,
    defaults: defaultShape(given),
  });
  checkTogether(config);
  const source = checkTextLayout(ACTION, config.source, "the source's layout");
  const target = checkTextLayout(ACTION, config.target, "the target's layout");
  if (config.decoder === "attention" && target.reverse === true && target.padding !== null) {
    throw new RangeError(
      `Cannot ${ACTION}: the target's layout must not be reversed with its padding with the decoder attention, because the first padding ends an answer; reverse must be false or "text", but is true`,
    );
  }
  return Object.freeze({ ...config, source, target });
}

/**
 * Checks a model's shape, without a layout.
 *
 * @returns a copy, in which what was left out is as its decoder usually has it
 * @throws {TypeError} if a field is missing, is unknown, or has a wrong type
 * @throws {RangeError} if a value is out of its range, or cannot be with the others
 */
export function checkModelShape(given: GivenModelShape): ModelShape {
  const shape: ModelShape = resolveOptions<ModelShape, Partial<ModelShape>>(given, {
    ...{ action: ACTION, what: "the shape", rules: MODEL_SETTINGS, defaults: defaultShape(given) },
  });
  checkTogether(shape);
  return shape;
}

/** The shape that a model with the decoder `repeat` always has, and that every model had before there were others. */
export const REPEAT_SHAPE: Pick<
  ModelShape,
  "decoder" | "encoderLayers" | "bidirectional" | "embeddingSize"
> = { decoder: "repeat", encoderLayers: 1, bidirectional: false, embeddingSize: 0 };

/** Gives what a shape leaves out. */
function defaultShape(given: unknown): Partial<ModelShape> {
  const { decoder, hiddenSize } = isObject(given) ? given : {};
  if (decoder !== "attention") return REPEAT_SHAPE;
  return {
    ...{ encoderLayers: 1, bidirectional: true },
    embeddingSize: typeof hiddenSize === "number" ? defaultEmbeddingSize(hiddenSize) : 1,
  };
}

/** Gives the embedding size of a hidden size, if none is chosen. */
export function defaultEmbeddingSize(hiddenSize: number): number {
  return Math.max(1, Math.min(128, Math.floor(hiddenSize / 2)));
}

/** Refuses values that are possible alone, but not together. */
function checkTogether(
  { decoder, encoderLayers, bidirectional, embeddingSize, hiddenSize }: ModelShape,
): void {
  const demand = (name: string, must: string, found: unknown): RangeError =>
    new RangeError(`Cannot ${ACTION}: ${name} must be ${must}, but is ${found}`);
  if (decoder === "attention") {
    if (embeddingSize < 1) {
      throw demand("embeddingSize", "1 or more with the decoder attention", embeddingSize);
    }
    if (bidirectional && hiddenSize % 2 === 1) {
      throw demand(
        "hiddenSize",
        "even in a bidirectional model, whose directions have half of it each",
        hiddenSize,
      );
    }
    return;
  }
  if (encoderLayers !== 1) {
    throw demand("encoderLayers", "1 with the decoder repeat", encoderLayers);
  }
  if (bidirectional) throw demand("bidirectional", "false with the decoder repeat", bidirectional);
  if (embeddingSize !== 0) {
    throw demand(
      "embeddingSize",
      "0 with the decoder repeat, which reads one-hot vectors",
      embeddingSize,
    );
  }
}

/** Counts the symbols that the encoder looks up. */
export function countSourceSymbols({ source }: Layout): number {
  return source.symbols.length;
}

/** Counts the symbols that the dense layer chooses from. */
export function countTargetSymbols({ target }: Layout): number {
  return target.symbols.length;
}
