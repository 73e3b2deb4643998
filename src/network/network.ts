/** The network of a model as data: its layers in order. Every device reads it, and computes what it says. @module */
import type { Cell } from "./config.ts";
import type { ParameterShape } from "./layers.ts";

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
 * the next decoder layer reads, and to the attention's output. See src/random/dropout.ts.
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
