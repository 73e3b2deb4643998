/** The activations in WGSL. @module */

/** `sigmoid` and `tanh_of`. The tanh of some devices overflows above 44; NaN stays NaN. */
export const ACTIVATIONS = `
fn sigmoid(x: f32) -> f32 {
  return 1.0 / (1.0 + exp(-x));
}

fn tanh_of(x: f32) -> f32 {
  return select(tanh(x), sign(x), abs(x) > 10.0);
}`;
