/** The equations of each recurrent cell, by tfjs's own operations. @module */
import type { Tensor, Tensor2D } from "@tensorflow/tfjs";
import type { Cell } from "../../network/config.ts";
import type { Tfjs } from "./tfjs_webgpu.ts";

/** What a cell hands to the next time step: its hidden state h, float32 (B, H), then what else it needs. */
export type CellState = readonly [Tensor2D, ...Tensor2D[]];

/** Takes the tensors of a state, which a list of tensors holds one after the other. @throws {TypeError} if there is none */
export function readState(tensors: readonly Tensor[]): CellState {
  const [h, ...others] = tensors as readonly Tensor2D[];
  if (h === undefined) throw new TypeError("Cannot read a state: it must have a tensor");
  return [h, ...others];
}

/** Maps every tensor of a state, with its number. */
export function mapState(
  [h, ...others]: CellState,
  map: (tensor: Tensor2D, k: number) => Tensor2D,
): CellState {
  return [map(h, 0), ...others.map((tensor, i) => map(tensor, i + 1))];
}

/** A recurrent cell. */
export interface ReferenceCell {
  /** Number of tensors of its state, each float32 (B, H). At the start they are zeros. */
  readonly stateTensors: number;
  /** Numbers of gates of the parts of the recurrent kernel that it multiplies separately. */
  readonly kernelParts: readonly number[];
  /**
   * Computes the state after a time step.
   *
   * @param xW the input's product with the kernel, plus the bias, float32 (B, G·H)
   * @param U the parts of the recurrent kernel, each float32 (H, gates·H)
   */
  advance(tf: Tfjs, xW: Tensor2D, state: CellState, U: readonly Tensor2D[]): CellState;
}

/**
 * Long short-term memory.
 *
 *   z = x W + h U + b;  i, f, o = sigmoid(z_i, z_f, z_o);  g = tanh(z_g)
 *   c' = f * c + i * g;  h' = o * tanh(c')
 *
 * Gates in Keras' order i, f, g, o. Source: Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000; no peepholes.
 */
const lstm: ReferenceCell = {
  stateTensors: 2,
  kernelParts: [4],
  advance(tf, xW, [h, c], [U]): CellState {
    const z = tf.add(xW, tf.matMul(h, U!));
    const [i, f, g, o] = tf.split(z, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
    const cNext: Tensor2D = tf.add(
      tf.mul(tf.sigmoid(f), c!),
      tf.mul(tf.sigmoid(i), tf.tanh(g)),
    );
    return [tf.mul(tf.sigmoid(o), tf.tanh(cNext)), cNext];
  },
};

/**
 * Gated recurrent unit.
 *
 *   z, r = sigmoid(x W_zr + h U_zr + b_zr);  g = tanh(x W_g + (r * h) U_g + b_g);  h' = z * h + (1 - z) * g
 *
 * Gates in Keras' order z, r, g. The reset gate is applied before the product, as in Cho et al. 2014 and in Keras'
 * `reset_after=False`; Keras' own default and cuDNN apply it after.
 */
const gru: ReferenceCell = {
  stateTensors: 1,
  kernelParts: [2, 1],
  advance(tf, xW, [h], [U_zr, U_g]): CellState {
    const H = h.shape[1];
    const [x_zr, x_g] = tf.split(xW, [2 * H, H], 1) as [Tensor2D, Tensor2D];
    const zr = tf.sigmoid(tf.add(x_zr, tf.matMul(h, U_zr!)));
    const [z, r] = tf.split(zr, 2, 1) as [Tensor2D, Tensor2D];
    const g = tf.tanh(tf.add(x_g, tf.matMul(tf.mul(r, h) as Tensor2D, U_g!)));
    return [tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), g))];
  },
};

/**
 * Elman's recurrent network.
 *
 *   h' = tanh(x W + h U + b)
 *
 * Source: Elman 1990; Keras' `SimpleRNN`.
 */
const simple: ReferenceCell = {
  stateTensors: 1,
  kernelParts: [1],
  advance: (tf, xW, [h], [U]) => [tf.tanh(tf.add(xW, tf.matMul(h, U!)))],
};

/** Every cell by its name. */
export const REFERENCE_CELLS: Readonly<Record<Cell, ReferenceCell>> = { lstm, gru, simple };
