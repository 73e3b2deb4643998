/** Networks whose sources and targets have tables of different sizes. @module */
import type { TextLayout } from "../src/codec/layout.ts";
import type { ModelConfig } from "../src/network/config.ts";
import { describeNetwork } from "../src/network/describe_network.ts";
import type { RepeatNetwork } from "../src/network/network.ts";

/** The sizes of a network. */
export interface NetworkSize extends Pick<ModelConfig, "cell" | "hiddenSize" | "layers"> {
  /** T_in */
  readonly inputLength: number;
  /** T_out */
  readonly outputLength: number;
  /** Number of symbols of sources, 1 to 256. */
  readonly sourceVocabularySize: number;
  /** Number of symbols of targets, V, 1 to 256. */
  readonly targetVocabularySize: number;
}

/** Describes a network of some sizes. */
export function describeTwoTables(size: NetworkSize): RepeatNetwork {
  const { sourceVocabularySize, targetVocabularySize, inputLength, outputLength, ...sizes } = size;
  const layOut = (length: number, symbols: number): TextLayout => ({
    ...{ length, symbols: makeCharacters(symbols), padding: null, separator: "" },
    ...{ reverse: false, normalize: "none" },
  });
  const network = describeNetwork({
    ...sizes,
    source: layOut(inputLength, sourceVocabularySize),
    target: layOut(outputLength, targetVocabularySize),
  });
  if (network.decoder === "repeat") return network;
  throw new Error("Cannot describe the network: it must have the decoder repeat");
}

/** Characters from a place in Unicode where many follow each other. */
function makeCharacters(count: number): string[] {
  const first = "一".codePointAt(0)!;
  return Array.from({ length: count }, (_, i) => String.fromCodePoint(first + i));
}
