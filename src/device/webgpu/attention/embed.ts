/** Embeddings, in WGSL. @module */
import { keptElement, type KeptPlace } from "../kept_layout.ts";
import { type AttentionScope, dropFactor, parametersOf, writeValues } from "./attention_scope.ts";

/** Stands for no symbol: above every index. Its embedding is zero. */
export const NO_SYMBOL = 0xffff;

/** Writes the embeddings of all sources. */
export function writeSourceEmbeddings(scope: AttentionScope): string {
  const { sizes, kept: { encoder } } = scope;
  return writeEmbeddings(scope, "sourceEmbedding", {
    ...{ steps: sizes.inputLength, to: encoder.embedded, characters: encoder.back?.characters },
    symbol: "character(example_of(row) + t)",
    site: sizes.sites.sourceEmbedding,
  });
}

/** Writes the embeddings of the symbols before each position of the right targets. */
export function writeTargetEmbeddings(scope: AttentionScope): string {
  const { sizes, kept: { decoder } } = scope;
  return writeEmbeddings(scope, "targetEmbedding", {
    ...{ steps: sizes.outputLength, to: decoder.embedded, characters: decoder.back?.characters },
    symbol: "symbol_before(row, t)",
    site: sizes.sites.targetEmbedding,
  });
}

/** Declares the symbol of the right target before a position. */
export function declareSymbolBefore({ sizes }: AttentionScope): string {
  return `
fn symbol_before(row: u32, t: u32) -> u32 {
  if (t == 0u) {
    return ${NO_SYMBOL}u;
  }
  return character(example_of(row) + ${sizes.inputLength - 1}u + t);
}`;
}

/** Writes the embeddings of one symbol of each row, at the position `at`. @param symbol gives that of the row `number` */
export function writeChosenEmbeddings(
  scope: AttentionScope,
  { symbol, at }: { readonly symbol: string; readonly at: string },
): string {
  const { sizes, kept: { decoder } } = scope;
  return writeEmbeddings(scope, "targetEmbedding", {
    ...{ steps: 1, to: decoder.embedded, characters: undefined, symbol, at },
    site: sizes.sites.targetEmbedding,
  });
}

interface Embeddings {
  /** Number of positions. */
  readonly steps: number;
  /** The position. Default: each, `t`. */
  readonly at?: string;
  readonly to: KeptPlace;
  /** Where the symbols are kept as numbers, if they are. */
  readonly characters: KeptPlace | undefined;
  /** Gives the symbol of the row `row`, the `number`th of the workgroup, at `t`. */
  readonly symbol: string;
  readonly site: number;
}

function writeEmbeddings(
  scope: AttentionScope,
  name: "sourceEmbedding" | "targetEmbedding",
  { steps, at = "t", to, characters, symbol, site }: Embeddings,
): string {
  const { lookup } = parametersOf(scope, name);
  const factor = dropFactor(scope, {
    ...{ row: "number", site: `${site}u`, t: at, column: "column" },
  });
  return writeValues(scope, {
    ...{ steps, width: to.width },
    each: `
    let symbol = ${symbol};
    var value = 0.0;
    if (symbol != ${NO_SYMBOL}u) {
      value = weight(4u * (${lookup!.at}u + symbol * ${lookup!.quads}u) + column) * ${factor};
    }
    ${keptElement(to, at, "row", "column")} = value;
    ${
      characters === undefined ? "" : `
    if (column == 0u) {
      ${keptElement(characters, at, "row", "0u")} = f32(symbol);
    }`
    }`,
  });
}
