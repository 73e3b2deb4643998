/** The network of a model as data: its layers in order. Every device reads it, and computes what it says. @module */
import type { TextLayout } from "../codec/layout.ts";
import {
  type Cell,
  checkModelConfig,
  countSourceSymbols,
  countTargetSymbols,
  type GivenModelConfig,
  type ModelConfig,
} from "./config.ts";
import { cellGates, describeLayers, type ParameterShape } from "./layers.ts";

/** A network: what is computed from the indices of a source to the logits of a target. */
export type Network = RepeatNetwork | AttentionNetwork;

/** What all networks have. */
export interface NetworkSides {
  /** Number of characters of a source, T_in. */
  readonly inputLength: number;
  /** Number of characters of a target, T_out. */
  readonly outputLength: number;
  /** Number of symbols of the sources' table, which the encoder looks up. */
  readonly sourceVocabularySize: number;
  /** Number of symbols of the targets' table: a logit for each. */
  readonly targetVocabularySize: number;
  /** Shapes of all parameters, in the order of a checkpoint. */
  readonly parameters: readonly ParameterShape[];
}

/** The notebook's network: the encoder's last state at every time step of the decoder. */
export interface RepeatNetwork extends NetworkSides {
  /** Its decoder. */
  readonly decoder: "repeat";
  /** The layers, in order. The first reads the indices of the source, the last gives the logits. */
  readonly layers: readonly RepeatLayer[];
}

/**
 * A network whose decoder reads the symbols before, and looks at every state of the encoder.
 *
 * *Source.* A position with the padding's index is masked: a layer that comes to it keeps its state, and attention does not look at
 * it. Every encoder layer has one direction of H units, or two of H / 2 units, whose states at a position are concatenated (forward,
 * then backward): a vector of size H. Each direction begins with zeros.
 *
 * *Decoder.* At position t it reads the embedding of the target's symbol t - 1, and zeros at the first. Every decoder layer begins
 * with the last state of the last encoder layer (h, and c of an LSTM): that after the last position forward, and after the first one
 * backward, concatenated.
 *
 * *End.* The first padding of a target is its end symbol. What follows is masked: it has no loss, and no answer goes on after it.
 * A target without padding has no end symbol, and ends with its last position.
 *
 * *Dropout* in training is applied to both embeddings, to the states of each encoder layer that the next layer or the attention
 * reads (not to the states that the layer itself reads next, or that begin the decoder), to the states of each decoder layer that
 * the next decoder layer reads, and to the attention's output. See dropout.ts.
 */
export interface AttentionNetwork extends NetworkSides {
  /** Its decoder. */
  readonly decoder: "attention";
  /** Index of the padding in sources; null if nothing pads. */
  readonly sourcePadding: number | null;
  /** Index of the padding in targets; null if nothing pads. */
  readonly targetPadding: number | null;
  /** The equations of its recurrent layers. */
  readonly cell: Cell;
  /** Size of the hidden state, H. */
  readonly hiddenSize: number;
  /** Size of an embedding, E. */
  readonly embeddingSize: number;
  /** Embeds the source. */
  readonly sourceEmbedding: EmbeddingLayer;
  /** The encoder's layers, each as its one or two directions. Both read the same input. */
  readonly encoder: readonly (readonly RecurrentLayer[])[];
  /** Embeds the symbols of the target that were before. */
  readonly targetEmbedding: EmbeddingLayer;
  /** The decoder's layers. */
  readonly decoderLayers: readonly RecurrentLayer[];
  /** Looks at the encoder's states. */
  readonly attention: AttentionLayer;
  /** Gives the logits. */
  readonly output: DenseLayer;
  /** All of them, in the order of their parameters. */
  readonly layers: readonly NetworkLayer[];
}

/** A layer of a network with the decoder `repeat`. */
export type RepeatLayer = RecurrentLayer | DenseLayer;

/** A layer with parameters. */
export type NetworkLayer = EmbeddingLayer | RecurrentLayer | AttentionLayer | DenseLayer;

/** An embedding: a table (V, E), of which every symbol is a row. */
export interface EmbeddingLayer {
  /** Its type. */
  readonly type: "embedding";
  /** Number of symbols, V. */
  readonly vocabularySize: number;
  /** Size of a row, E. */
  readonly outputSize: number;
  /** Number of time steps, T. */
  readonly timeSteps: number;
  /** Index of the table in the network's parameters. */
  readonly firstParameter: number;
}

/**
 * Luong's general attention at every time step t of the decoder's states h, over the encoder's states e:
 *
 *   score_s = (h_t W_a) · e_s;  a = softmax over the positions s that are not masked;  context = Σ a_s e_s
 *   y_t = tanh([context, h_t] W_c + b)
 *
 * If all positions are masked, the context is zero. Score kernel W_a (H, H), kernel W_c (2H, H), bias b (H).
 * Source: Luong, Pham & Manning 2015, equations 5 to 8 ("general"), without input feeding.
 */
export interface AttentionLayer {
  /** Its type. */
  readonly type: "attention";
  /** Size of all its vectors, H. */
  readonly hiddenSize: number;
  /** Number of time steps, T_out. */
  readonly timeSteps: number;
  /** Number of positions it looks at, T_in. */
  readonly positions: number;
  /** Index of the score kernel in the network's parameters. The kernel and the bias follow it. */
  readonly firstParameter: number;
}

/** A recurrent layer over T time steps: kernel (I, G·H), recurrent kernel (H, G·H) and bias (G·H). */
export interface RecurrentLayer {
  /** Its type. */
  readonly type: "recurrent";
  /** Its equations. */
  readonly cell: Cell;
  /** Whether it goes from the first time step to the last, or from the last to the first. */
  readonly direction: "forward" | "backward";
  /** Number of gates, G. */
  readonly gates: number;
  /**
   * Its input.
   *
   * - `indices`: characters (B, T), looked up as rows of the kernel: the product of one-hot vectors and the kernel
   * - `repeated`: one vector (B, I) at every time step: RepeatVector
   * - `sequence`: a vector at every time step (B, T, I)
   */
  readonly input: "indices" | "repeated" | "sequence";
  /** The hidden states that the next layer reads: only those of the last time step (B, H), or every one (B, T, H). */
  readonly output: "last" | "every";
  /** Size of an input vector, I; the number of the sources' symbols for `indices`. */
  readonly inputSize: number;
  /** Size of the hidden state, H. */
  readonly hiddenSize: number;
  /** Number of time steps, T. */
  readonly timeSteps: number;
  /** Index of the kernel in the network's parameters. The recurrent kernel and the bias follow it. */
  readonly firstParameter: number;
}

/** A dense layer at every time step: kernel (I, V) and bias (V), of the V symbols of targets. */
export interface DenseLayer {
  /** Its type. */
  readonly type: "dense";
  /** Size of an input vector, I. */
  readonly inputSize: number;
  /** Size of an output vector, V. */
  readonly outputSize: number;
  /** Number of time steps, T. */
  readonly timeSteps: number;
  /** Index of the kernel in the network's parameters. The bias follows it. */
  readonly firstParameter: number;
}

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
