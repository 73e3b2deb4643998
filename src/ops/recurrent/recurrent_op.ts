/** A recurrent layer as one tfjs operation, with its gradient as another. @module */
import * as tf from "@tensorflow/tfjs";
import { nameSaved, registerOnce, SAVE_ALL_BUT_FIRST } from "../register.ts";
import {
  checkRecurrentShapes,
  type RecurrentInput,
  type RecurrentWeights,
  type StatesWanted,
} from "./recurrent_input.ts";
import {
  inputTensor,
  type RecurrentCell,
  type RecurrentShape,
  recurrentShape,
} from "./recurrent_shape.ts";
import { runRecurrentForward } from "./recurrent_forward.ts";
import { runRecurrentBackward } from "./recurrent_backward.ts";
import { type KeptOnWebGpu, runRecurrentBackwardOnWebGpu } from "./recurrent_backward_webgpu.ts";
import { runRecurrentForwardOnWebGpu } from "./recurrent_forward_webgpu.ts";

/**
 * Advances a recurrent layer by compute kernels.
 *
 * The operation's first output is the states; the others are for the backward pass. On the `cpu` backend there is one other, a ticket.
 * If no gradient will be computed, nothing is kept.
 */
export function runRecurrent(
  cell: RecurrentCell,
  input: RecurrentInput,
  options: { readonly weights: RecurrentWeights; readonly wanted: StatesWanted },
): tf.Tensor3D {
  const { weights, wanted } = options;
  checkRecurrentShapes(input, weights, cell.gates);
  const name = registerRecurrent(cell);
  const shape = recurrentShape(cell, input, weights, wanted);
  return tf.tidy(() => {
    const inputs = { x: inputTensor<tf.Tensor>(input), ...weights };
    const attrs = { shape, keep: tf.engine().isTapeOn() };
    const [states] = tf.engine().runKernel(
      name,
      inputs,
      attrs as unknown as tf.NamedAttrMap,
    ) as unknown as tf.Tensor3D[];
    return states!;
  });
}

function registerRecurrent(cell: RecurrentCell): string {
  const name = `Carry/${cell.name}`;
  registerOnce(name, {
    cpu: ({ inputs, attrs, backend }) =>
      runRecurrentForward(
        inputs as Record<"x" | "kernel" | "recurrentKernel" | "bias", tf.TensorInfo>,
        attrs as unknown as { shape: RecurrentShape; keep: boolean },
        backend,
      ),
    webgpu: ({ inputs, attrs, backend }) =>
      runRecurrentForwardOnWebGpu(
        inputs as Record<"x" | "kernel" | "recurrentKernel" | "bias", tf.TensorInfo>,
        attrs as unknown as { shape: RecurrentShape; keep: boolean },
        backend,
      ),
    gradient: {
      outputsToSave: SAVE_ALL_BUT_FIRST,
      gradFunc: (dy, saved, attrs) => {
        const dStates = (dy as tf.Tensor[])[0]!;
        const [dKernel, dRecurrentKernel, dBias, dx] = tf.engine().runKernel(
          `${name}Gradient`,
          { ...nameSaved(saved), dy: dStates },
          attrs,
        ) as unknown as tf.Tensor[];
        return {
          kernel: () => dKernel!,
          recurrentKernel: () => dRecurrentKernel!,
          bias: () => dBias!,
          ...(dx === undefined ? {} : { x: () => dx }),
        };
      },
    },
  });
  registerOnce(`${name}Gradient`, {
    cpu: ({ inputs, attrs, backend }) =>
      runRecurrentBackward(
        inputs as Record<"ticket" | "dy", tf.TensorInfo>,
        (attrs as unknown as { shape: RecurrentShape }).shape,
        backend,
      ),
    webgpu: ({ inputs, attrs, backend }) =>
      runRecurrentBackwardOnWebGpu(
        inputs as Record<KeptOnWebGpu | "dy", tf.TensorInfo>,
        (attrs as unknown as { shape: RecurrentShape }).shape,
        backend,
      ),
  });
  return name;
}
