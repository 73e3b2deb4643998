/** Adam in WGSL. @module */
import { adamRates, type AdamSettings } from "../../optimizer.ts";
import { defineStruct } from "../struct.ts";
import type { OptimizerKernel } from "./optimizer_kernel.ts";

const SETTINGS = defineStruct("Settings", {
  first_rate: "f32", // 1 - beta1
  second_rate: "f32", // 1 - beta2
  epsilon: "f32",
  clip_norm: "f32", // 0: no limit
});

/**
 * Adam with decoupled weight decay; the equations are those of `AdamSettings`.
 *
 * The rates are computed by the host in float64: at step 1 the second is 1 - beta2, which float32 powers would lose.
 */
export const ADAM: OptimizerKernel<AdamSettings> = {
  slots: ["m", "v"],
  settings: SETTINGS,
  packSettings: ({ beta1, beta2, epsilon, clipNorm }) =>
    SETTINGS.pack({
      ...{ first_rate: 1 - beta1, second_rate: 1 - beta2 },
      ...{ epsilon, clip_norm: clipNorm },
    }),
  rates: "struct Rates { alpha: f32, decay: f32 }",
  rateCount: 2,
  computeRates(settings, step, learningRate): readonly number[] {
    const { alpha, decay } = adamRates(settings, step, learningRate);
    return [alpha, decay];
  },
  clip: `
  // a norm that is not a number stays so
  let factor = select(o.clip_norm / norm, 1.0, o.clip_norm == 0.0 || norm <= o.clip_norm);`,
  update: `
  let m_next = m[at] + o.first_rate * (g - m[at]);
  let v_next = v[at] + o.second_rate * (g * g - v[at]);
  m[at] = m_next;
  v[at] = v_next;
  w = select(r.decay, 1.0, is_bias) * w - r.alpha * m_next / (sqrt(v_next) + o.epsilon);`,
};
