/** Adam, with decoupled weight decay and clipping by global norm, over all parameters at once. @module */
import * as tf from "@tensorflow/tfjs";
import { updateAdamOnCpu } from "./adam_cpu.ts";
import { updateAdamReference } from "./adam_reference.ts";
import type { AdamTensors, AdamUpdate } from "./adam_update.ts";
import { updateAdamOnWebGpu } from "./adam_webgpu.ts";

export type { AdamTensors, AdamUpdate };

/**
 * Updates all parameters in place.
 *
 *   g = gradient · min(1, clipNorm / ‖all gradients‖)
 *   m' = m + (1 - beta1) (g - m);  v' = v + (1 - beta2) (g² - v)
 *   α = learningRate · √(1 - beta2^step) / (1 - beta1^step)
 *   w' = w - learningRate · weightDecay · w - α m' / (√v' + epsilon)
 *
 * Source: Kingma & Ba 2015, section 2 (epsilon outside the bias correction, as in Keras; PyTorch puts it inside);
 * decoupled decay: Loshchilov & Hutter 2019; clipping: Pascanu et al. 2013.
 *
 * On the `cpu` and `webgpu` backends compute kernels do it; elsewhere tfjs's operations do it.
 */
export function updateAdam(tensors: readonly AdamTensors[], update: AdamUpdate): void {
  switch (tf.getBackend()) {
    case "cpu":
      return updateAdamOnCpu(tensors, update);
    case "webgpu":
      return updateAdamOnWebGpu(tensors, update);
    default:
      return updateAdamReference(tensors, update);
  }
}
