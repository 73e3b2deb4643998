/** From the configuration of a model to its network. @module */
import type { TextLayout } from "../codec/layout.ts";
import {
  checkModelConfig,
  countSourceSymbols,
  countTargetSymbols,
  type GivenModelConfig,
  type ModelConfig,
} from "./config.ts";
import { cellGates, describeLayers } from "./layers.ts";
import type {
  AttentionLayer,
  AttentionNetwork,
  DenseLayer,
  EmbeddingLayer,
  Network,
  RecurrentLayer,
  RepeatNetwork,
} from "./network.ts";

/**
 * Describes the network of a model.
 *
 * @throws {TypeError | RangeError | SyntaxError} if the config is not valid
 */
export function describeNetwork(given: GivenModelConfig): Network {
  const config = checkModelConfig(given);
  return config.decoder === "repeat" ? describeRepeat(config) : describeAttention(config);
}

/** An encoder over the source, its last state repeated for every character of the target, decoder layers, and a dense layer. */
function describeRepeat(config: ModelConfig): RepeatNetwork {
  const { cell, hiddenSize, source: { length: inputLength }, target: { length: outputLength } } =
    config;
  const sourceVocabularySize = countSourceSymbols(config);
  const targetVocabularySize = countTargetSymbols(config);
  const common = {
    ...{ type: "recurrent", cell, direction: "forward" } as const,
    ...{ gates: cellGates(cell), hiddenSize },
  };
  const encoder: RecurrentLayer = {
    ...common,
    ...{
      input: "indices",
      output: "last",
      inputSize: sourceVocabularySize,
      timeSteps: inputLength,
    },
    firstParameter: 0,
  };
  const decoders = Array.from({ length: config.layers }, (_, i): RecurrentLayer => ({
    ...common,
    input: i === 0 ? "repeated" : "sequence",
    ...{ output: "every", inputSize: hiddenSize, timeSteps: outputLength },
    firstParameter: 3 * (i + 1),
  }));
  const dense: DenseLayer = {
    type: "dense",
    ...{ inputSize: hiddenSize, outputSize: targetVocabularySize, timeSteps: outputLength },
    firstParameter: 3 * (config.layers + 1),
  };
  return {
    ...{ decoder: "repeat", inputLength, outputLength, sourceVocabularySize, targetVocabularySize },
    layers: [encoder, ...decoders, dense],
    parameters: describeLayers(config).flatMap((layer) => layer.parameters),
  };
}

function describeAttention(config: ModelConfig): AttentionNetwork {
  const { cell, hiddenSize, embeddingSize, bidirectional, source, target } = config;
  const [inputLength, outputLength] = [source.length, target.length];
  const sourceVocabularySize = countSourceSymbols(config);
  const targetVocabularySize = countTargetSymbols(config);
  let parameters = 0;
  const take = (count: number): number => {
    const firstParameter = parameters;
    parameters += count;
    return firstParameter;
  };
  const embed = (vocabularySize: number, timeSteps: number): EmbeddingLayer => ({
    ...{ type: "embedding", vocabularySize, outputSize: embeddingSize, timeSteps },
    firstParameter: take(1),
  });
  const recurrent = (
    layer: Pick<RecurrentLayer, "direction" | "inputSize" | "hiddenSize" | "timeSteps">,
  ): RecurrentLayer => ({
    ...{ type: "recurrent", cell, gates: cellGates(cell), input: "sequence", output: "every" },
    ...layer,
    firstParameter: take(3),
  });
  const directions = bidirectional ? ["forward", "backward"] as const : ["forward"] as const;
  const inputSizeOf = (layer: number): number => layer === 0 ? embeddingSize : hiddenSize;
  const sourceEmbedding = embed(sourceVocabularySize, inputLength);
  const encoder = Array.from(
    { length: config.encoderLayers },
    (_, i) =>
      directions.map((direction) =>
        recurrent({
          ...{ direction, inputSize: inputSizeOf(i), timeSteps: inputLength },
          hiddenSize: hiddenSize / directions.length,
        })
      ),
  );
  const targetEmbedding = embed(targetVocabularySize, outputLength);
  const decoderLayers = Array.from(
    { length: config.layers },
    (_, i) =>
      recurrent({
        ...{ direction: "forward", inputSize: inputSizeOf(i), hiddenSize },
        timeSteps: outputLength,
      }),
  );
  const attention: AttentionLayer = {
    ...{ type: "attention", hiddenSize, timeSteps: outputLength, positions: inputLength },
    firstParameter: take(3),
  };
  const output: DenseLayer = {
    type: "dense",
    ...{ inputSize: hiddenSize, outputSize: targetVocabularySize, timeSteps: outputLength },
    firstParameter: take(2),
  };
  return {
    ...{ decoder: "attention", inputLength, outputLength },
    ...{ sourceVocabularySize, targetVocabularySize },
    sourcePadding: paddingIndex(source),
    targetPadding: paddingIndex(target),
    ...{ cell, hiddenSize, embeddingSize },
    ...{ sourceEmbedding, encoder, targetEmbedding, decoderLayers, attention, output },
    layers: [
      ...[sourceEmbedding, ...encoder.flat(), targetEmbedding, ...decoderLayers, attention],
      output,
    ],
    parameters: describeLayers(config).flatMap((layer) => layer.parameters),
  };
}

function paddingIndex({ symbols, padding }: TextLayout): number | null {
  return padding === null ? null : symbols.indexOf(padding);
}
