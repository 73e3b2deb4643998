/** A network with attention, by tfjs's own operations: after given targets, and answering freely. @module */
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import type { AttentionNetwork } from "../../../network/network.ts";
import { oneHot } from "../one_hot.ts";
import type { Tfjs } from "../tfjs_webgpu.ts";
import { beginDecoder, makeDecoderStep } from "./decoder_step.ts";
import { dropNothing, type DropValues } from "./drop_values.ts";
import { runEncoder } from "./run_encoder.ts";

/** Indices of a batch on the device. */
interface Sides {
  /** int32 (B, T_in) */
  readonly sources: Tensor2D;
  /** int32 (B, T_out) */
  readonly targets: Tensor2D;
}

/**
 * Runs a network whose decoder reads the symbols of the targets: teacher forcing.
 *
 * @param parameters tensors in the network's order
 * @returns logits, float32 (B, T_out, V)
 */
export function runTeacherForced(
  tf: Tfjs,
  network: AttentionNetwork,
  parameters: readonly Tensor[],
  { sources, targets }: Sides,
  drop: DropValues,
): Tensor3D {
  const encoded = runEncoder(tf, network, parameters, sources, drop);
  const advance = makeDecoderStep(tf, network, parameters, drop);
  let states = beginDecoder(network, encoded);
  const symbols = tf.unstack(targets, 1) as Tensor1D[];
  const logits = symbols.map((_, t) => {
    const step = advance(encoded, { t, before: symbols[t - 1], states });
    states = step.states;
    return step.logits;
  });
  return tf.stack(logits, 1) as Tensor3D;
}

/** Answers of a batch. */
export interface AnswerTensors {
  /** The chosen symbols, int32 (B, T_out). */
  readonly characters: Tensor2D;
  /** Probabilities of all symbols, float32 (B, T_out, V). */
  readonly probabilities: Tensor3D;
}

/**
 * Runs a network whose decoder reads the symbols that it chose: the most probable ones. After the end symbol it chooses the padding,
 * with probability 1.
 *
 * @param sources indices, int32 (B, T_in)
 */
export function answerGreedily(
  tf: Tfjs,
  network: AttentionNetwork,
  parameters: readonly Tensor[],
  sources: Tensor2D,
): AnswerTensors {
  const { outputLength, targetPadding: padding, targetVocabularySize: V } = network;
  const encoded = runEncoder(tf, network, parameters, sources, dropNothing);
  const advance = makeDecoderStep(tf, network, parameters, dropNothing);
  let states = beginDecoder(network, encoded);
  const [characters, probabilities]: [Tensor1D[], Tensor2D[]] = [[], []];
  let ended: Tensor1D = tf.zeros([sources.shape[0]], "bool");
  for (let t = 0; t < outputLength; t++) {
    const step = advance(encoded, { t, before: characters[t - 1], states });
    states = step.states;
    const chosen: Tensor1D = tf.argMax(step.logits, -1);
    if (padding === null) {
      characters.push(chosen);
      probabilities.push(tf.softmax(step.logits));
      continue;
    }
    const paddings = tf.onesLike(chosen).mul(padding).toInt();
    const column = ended.cast("float32").reshape([-1, 1]);
    const open = tf.mul(tf.softmax(step.logits), tf.sub(1, column));
    characters.push(tf.where(ended, paddings, chosen) as Tensor1D);
    probabilities.push(tf.add(open, tf.mul(oneHot(tf, paddings, V), column)));
    ended = tf.equal(characters[t]!, padding);
  }
  return {
    characters: tf.stack(characters, 1) as Tensor2D,
    probabilities: tf.stack(probabilities, 1) as Tensor3D,
  };
}
