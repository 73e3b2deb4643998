/** The golden values of networks with attention, made by real PyTorch (tests/vectors/torch_vectors.py). @module */
import type { Examples } from "../src/device/executor.ts";
import type { AttentionNetwork } from "../src/network/network.ts";
import { type AttentionSize, describeAttention } from "./describe_attention.ts";
import type { GoldenVector } from "./golden_vector.ts";

/** One file of golden values, as torch_vectors.py writes it. */
export interface AttentionVector
  extends
    Omit<AttentionSize, "layers">,
    Pick<GoldenVector, "decoderLayers" | "batchSize" | "phase" | "x" | "y" | "loss" | "gradients">,
    Pick<GoldenVector, "probabilities" | "adam"> {
  readonly labelSmoothing: number;
  /** States of the last encoder layer, (B, T_in, H); 0 where masked. */
  readonly encoded: readonly (readonly (readonly number[])[])[];
  /** Greedy answers, (B, T_out); the probabilities are theirs. */
  readonly answers: readonly (readonly number[])[];
  /** How much each position of the source was looked at, (B, T_out, T_in). */
  readonly attention: readonly (readonly (readonly number[])[])[];
}

/** The vector's network. */
export function attentionNetworkOf(vector: AttentionVector): AttentionNetwork {
  const { cell, hiddenSize, embeddingSize, encoderLayers, bidirectional, padded } = vector;
  const { inputLength, outputLength, sourceVocabularySize, targetVocabularySize } = vector;
  return describeAttention({
    ...{ cell, hiddenSize, embeddingSize, encoderLayers, bidirectional, padded },
    ...{ inputLength, outputLength, sourceVocabularySize, targetVocabularySize },
    layers: vector.decoderLayers,
  });
}

/** scale · cos(phase + 0.7 k + 1.3 n) for the n-th value of the k-th tensor. */
export function attentionValuesOf(vector: AttentionVector): Float32Array[] {
  return attentionNetworkOf(vector).parameters.map(({ shape }, k) => {
    const scale = shape.length === 1 ? 0.1 : 1 / Math.sqrt(shape[0]!);
    return Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      (_, n) => scale * Math.cos(vector.phase + 0.7 * k + 1.3 * n),
    );
  });
}

/** The vector's one batch. @param padFirst whether the padding of sources is to come before their symbols, which must not matter */
export function attentionExamplesOf(vector: AttentionVector, padFirst = false): Examples {
  const { sourcePadding } = attentionNetworkOf(vector);
  const isPadding = (symbol: number): boolean => symbol === sourcePadding;
  const sources = vector.x.map((x) =>
    padFirst ? [...x.filter(isPadding), ...x.filter((symbol) => !isPadding(symbol))] : x
  );
  return {
    count: vector.batchSize,
    sources: Uint8Array.from(sources.flat()),
    targets: Uint8Array.from(vector.y.flat()),
  };
}
