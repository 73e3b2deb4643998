/** The network's layers on the CPU's compute kernels alone, forward only. @module */
import type { TensorInfo } from "@tensorflow/tfjs";
import { runDenseForward } from "../ops/dense/dense_passes.ts";
import type { RecurrentInput, RecurrentWeights } from "../ops/recurrent/recurrent_input.ts";
import { runRecurrentForward } from "../ops/recurrent/recurrent_forward.ts";
import { inputTensor, recurrentShape } from "../ops/recurrent/recurrent_shape.ts";
import type { CpuBackend } from "../ops/resident_tensors.ts";
import type { Cell } from "../network/config.ts";
import type { NetworkLayers } from "./network.ts";

/** Makes the layers of {@linkcode runNetwork} over the tensors of a store. Shapes must fit; `checkParameters` checks them. */
export function kernelLayers(cell: Cell, store: CpuBackend): NetworkLayers<TensorInfo> {
  return {
    recurrent(input, weights, wanted): TensorInfo {
      const gates = weights.kernel.shape[1]! / weights.recurrentKernel.shape[0]!;
      const shape = recurrentShape(
        { name: cell, gates },
        input as RecurrentInput<Sized<[number, number]>, Sized<[number, number, number]>>,
        weights as RecurrentWeights<Sized<[number, number]>, TensorInfo>,
        wanted,
      );
      const inputs = { x: inputTensor(input), ...weights };
      return runRecurrentForward(inputs, { shape, keep: false }, store)[0]!;
    },
    dropTime: ({ dataId, dtype, shape }) => ({ dataId, dtype, shape: [shape[0]!, shape[2]!] }),
    dense(states, kernel, bias): TensorInfo {
      const [B, T, H] = states.shape as [number, number, number];
      const shape = [B, T, H, bias.shape[0]!] as const;
      return runDenseForward({ x: states, kernel, bias }, { shape, keep: false }, store)[0]!;
    },
  };
}

type Sized<Dimensions extends number[]> = TensorInfo & { readonly shape: Dimensions };
