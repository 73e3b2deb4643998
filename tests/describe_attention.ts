/** Networks with attention of given sizes, and examples with padding for them. @module */
import type { TextLayout } from "../src/codec/layout.ts";
import type { Examples } from "../src/device/executor.ts";
import type { ModelShape } from "../src/network/config.ts";
import { describeNetwork } from "../src/network/describe_network.ts";
import type { AttentionNetwork } from "../src/network/network.ts";
import { forkPrng, type Prng } from "../src/random/prng.ts";

/** The sizes of a network with attention. */
export interface AttentionSize extends Omit<ModelShape, "decoder"> {
  /** T_in */
  readonly inputLength: number;
  /** T_out */
  readonly outputLength: number;
  /** Number of symbols of sources, 1 to 256, the padding included. */
  readonly sourceVocabularySize: number;
  /** Number of symbols of targets, V, 1 to 256, the padding included. */
  readonly targetVocabularySize: number;
  /** Whether sources and targets may be padded. */
  readonly padded: boolean;
}

/** A network with attention that is small enough for any test, and has two of every layer. */
export const SMALL_ATTENTION: AttentionSize = {
  ...{ cell: "lstm", hiddenSize: 6, embeddingSize: 5, layers: 2 },
  ...{ encoderLayers: 2, bidirectional: true, padded: true },
  ...{ inputLength: 4, outputLength: 3, sourceVocabularySize: 9, targetVocabularySize: 7 },
};

/** The network with attention whose step costs least, for tests of many steps. */
export const TINY_ATTENTION: AttentionSize = {
  ...{ cell: "lstm", hiddenSize: 2, embeddingSize: 1, layers: 1 },
  ...{ encoderLayers: 1, bidirectional: true, padded: true },
  ...{ inputLength: 2, outputLength: 2, sourceVocabularySize: 5, targetVocabularySize: 4 },
};

/** Describes a network of some sizes. Its paddings have different indices, that of targets not 0 if there are other symbols. */
export function describeAttention(size: AttentionSize): AttentionNetwork {
  const { sourceVocabularySize, targetVocabularySize, inputLength, outputLength, ...rest } = size;
  const { padded, ...shape } = rest;
  const layOut = (length: number, count: number, padding: number): TextLayout => {
    const symbols = Array.from({ length: count }, (_, i) => String.fromCodePoint(0x4e00 + i));
    return {
      ...{ length, symbols, padding: padded ? symbols[Math.min(padding, count - 1)]! : null },
      ...{ separator: "", reverse: false, normalize: "none" },
    };
  };
  const network = describeNetwork({
    ...{ ...shape, decoder: "attention" },
    source: layOut(inputLength, sourceVocabularySize, 0),
    target: layOut(outputLength, targetVocabularySize, 2),
  });
  if (network.decoder === "attention") return network;
  throw new Error("Cannot describe the network: it must have the decoder attention");
}

/**
 * Draws examples. If there is padding, sources have any length, their padding at the end, at the beginning or between; some are all
 * padding, others have none. Targets have any length too: some end at once, some have no end symbol, and some have symbols after
 * their end, which must not matter.
 */
export function makePaddedExamples(network: AttentionNetwork, count: number, seed = 2): Examples {
  const prng = forkPrng(seed, "padded examples");
  const { sourcePadding, targetPadding, inputLength, outputLength } = network;
  const [sources, targets]: [number[], number[]] = [[], []];
  for (let i = 0; i < count; i++) {
    const source = drawSymbols(prng, network.sourceVocabularySize, inputLength, sourcePadding);
    if (sourcePadding !== null) padSource(prng, source, sourcePadding);
    const target = drawSymbols(prng, network.targetVocabularySize, outputLength, targetPadding);
    if (targetPadding !== null) padTarget(prng, target, targetPadding);
    sources.push(...source);
    targets.push(...target);
  }
  return { count, sources: Uint8Array.from(sources), targets: Uint8Array.from(targets) };
}

/** Draws symbols that are no padding, if there are any. */
function drawSymbols(
  { nextInt }: Prng,
  symbols: number,
  length: number,
  padding: number | null,
): number[] {
  const others = Array.from({ length: symbols }, (_, i) => i).filter((i) => i !== padding);
  return Array.from({ length }, () => others[nextInt(others.length || 1)] ?? 0);
}

function padSource({ nextInt }: Prng, source: number[], padding: number): void {
  const length = nextInt(source.length + 1);
  switch (nextInt(8)) {
    case 0:
      source.fill(padding);
      return;
    case 1:
      return;
    case 2:
      source[nextInt(source.length)] = padding;
      return;
    case 3:
    case 4:
      source.fill(padding, 0, source.length - length);
      return;
    default:
      source.fill(padding, length);
  }
}

function padTarget({ nextInt }: Prng, target: number[], padding: number): void {
  const length = nextInt(target.length + 1);
  switch (nextInt(8)) {
    case 0:
      target.fill(padding);
      return;
    case 1:
      return;
    case 2:
      target.fill(padding, length, length + 1);
      return;
    default:
      target.fill(padding, length);
  }
}
