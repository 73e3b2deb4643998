/** The network of a model as data: its layers in order. Every device reads it, and computes what it says. @module */
import {
  type Cell,
  checkModelConfig,
  countSourceSymbols,
  countTargetSymbols,
  type ModelConfig,
} from "./config.ts";
import { cellGates, describeLayers, type ParameterShape } from "./layers.ts";

/** A network: what is computed from the indices of a source to the logits of a target. */
export interface Network {
  /** Number of characters of a source, T_in. */
  readonly inputLength: number;
  /** Number of characters of a target, T_out. */
  readonly outputLength: number;
  /** Number of symbols of the sources' table, which the encoder looks up. */
  readonly sourceVocabularySize: number;
  /** Number of symbols of the targets' table: a logit for each. */
  readonly targetVocabularySize: number;
  /** The layers, in order. The first reads the indices of the source, the last gives the logits. */
  readonly layers: readonly NetworkLayer[];
  /** Shapes of all parameters, in the order of a checkpoint. */
  readonly parameters: readonly ParameterShape[];
}

/** A layer with parameters. */
export type NetworkLayer = RecurrentLayer | DenseLayer;

/** A recurrent layer over T time steps: kernel (I, G·H), recurrent kernel (H, G·H) and bias (G·H). */
export interface RecurrentLayer {
  /** Its type. */
  readonly type: "recurrent";
  /** Its equations. */
  readonly cell: Cell;
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
 * Describes the notebook's network: an encoder over the source, its last state repeated for every character of the target,
 * decoder layers, and a dense layer.
 *
 * @throws {TypeError | RangeError | SyntaxError} if the config is not valid
 */
export function describeNetwork(given: ModelConfig): Network {
  const config = checkModelConfig(given);
  const { cell, hiddenSize, source: { length: inputLength }, target: { length: outputLength } } =
    config;
  const sourceVocabularySize = countSourceSymbols(config);
  const targetVocabularySize = countTargetSymbols(config);
  const common = { type: "recurrent", cell, gates: cellGates(cell), hiddenSize } as const;
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
    ...{ inputLength, outputLength, sourceVocabularySize, targetVocabularySize },
    layers: [encoder, ...decoders, dense],
    parameters: describeLayers(config).flatMap((layer) => layer.parameters),
  };
}
