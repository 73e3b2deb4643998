/** Adam by tfjs's own operations. Equations: `AdamSettings`. @module */
import type { Tensor } from "@tensorflow/tfjs";
import { adamRates, type AdamSettings } from "../optimizer.ts";
import type { ReferenceOptimizer, StepRates, Updated } from "./reference_optimizer.ts";
import type { Tfjs } from "./tfjs_webgpu.ts";

/** Adam. Its state: the first moments m of all parameters, then the second moments v. */
export const adam: ReferenceOptimizer<AdamSettings> = {
  init: (tf, _, parameters) =>
    [...parameters, ...parameters].map((parameter) => tf.zerosLike(parameter)),
  update,
};

function update(
  tf: Tfjs,
  settings: AdamSettings,
  state: readonly Tensor[],
  parameters: readonly Tensor[],
  gradients: readonly Tensor[],
  { step, learningRate }: StepRates,
): Updated {
  const { beta1, beta2, epsilon, clipNorm } = settings;
  const { alpha, decay } = adamRates(settings, step, learningRate);
  const clipping = clipNorm > 0 ? clippingFactor(tf, gradients, clipNorm) : tf.scalar(1);
  const updated = parameters.map((parameter, i) => {
    const [m, v] = [state[i]!, state[parameters.length + i]!];
    const g = tf.mul(gradients[i]!, clipping);
    const mNext = tf.add(m, tf.mul(tf.sub(g, m), 1 - beta1));
    const vNext = tf.add(v, tf.mul(tf.sub(tf.square(g), v), 1 - beta2));
    const change = tf.div(tf.mul(mNext, alpha), tf.add(tf.sqrt(vNext), epsilon));
    const kept = parameter.rank > 1 ? tf.mul(parameter, decay) : parameter;
    return { parameter: tf.sub(kept, change), m: mNext, v: vNext };
  });
  return {
    parameters: updated.map(({ parameter }) => parameter),
    state: [...updated.map(({ m }) => m), ...updated.map(({ v }) => v)],
  };
}

/** min(1, clipNorm / ‖all gradients‖), a scalar on the device. */
function clippingFactor(tf: Tfjs, gradients: readonly Tensor[], clipNorm: number): Tensor {
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
  // tf.addN would be one kernel, but on webgpu it gives 0 for many scalars (tfjs 4.22)
  const norm = tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square)));
  return tf.div(clipNorm, tf.maximum(norm, clipNorm));
}
