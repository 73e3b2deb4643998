/** The parameters that a foreign model must have, with our names and in our order. @module */
import { MAX_LENGTH, MAX_SYMBOLS, type TextLayout } from "../codec/layout.ts";
import type { ParameterShape } from "../network/layers.ts";
import { parameterShapes } from "../network/parameters.ts";
import type { ForeignModel } from "./foreign_model.ts";

/**
 * Lists the parameters of a foreign model, of which the sizes alone are known.
 *
 * @throws {RangeError} if a size is one that our models cannot have
 */
export function listForeignShapes(
  { cell, hiddenSize, layers, sourceSymbols, targetSymbols, inputLength, outputLength }: Omit<
    ForeignModel,
    "writer" | "parameters" | "optimizer" | "portable"
  >,
): ParameterShape[] {
  const source = nameSymbols("sources", sourceSymbols, inputLength);
  const target = nameSymbols("targets", targetSymbols, outputLength);
  return parameterShapes({ cell, hiddenSize, layers, source, target });
}

/** Gives a layout of some number of symbols, whatever they are. */
function nameSymbols(whose: string, count: number, length = 1): TextLayout {
  checkSize(`symbols of ${whose}`, count, MAX_SYMBOLS);
  checkSize(`characters of ${whose}`, length, MAX_LENGTH);
  const symbols = Array.from({ length: count }, (_, i) => String.fromCodePoint(0x100 + i));
  return { length, symbols, padding: null, separator: "", reverse: false, normalize: "none" };
}

function checkSize(what: string, size: number, most: number): void {
  if (size >= 1 && size <= most) return;
  throw new RangeError(
    `Cannot import the model: it must have 1 to ${most} ${what}, but has ${size}`,
  );
}
