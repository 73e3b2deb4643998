/** The simple recurrent cell in WGSL. @module */
import type { CellKernel } from "./cell.ts";

/**
 * Elman's recurrent network.
 *
 *   h' = tanh(x W + h U + b)
 *
 * Source: Elman 1990; Keras' `SimpleRNN`.
 */
export const SIMPLE: CellKernel = {
  groups: [[0]],
  keeps: {},
  vectors: [],
  carried: [],
  carriedBack: [],
  forward: [{
    group: 0,
    vector: "states",
    unit: ({ setState }) => setState("tanh_of(z)"),
  }],
  backward: [{
    product: { group: 0, of: "later" },
    unit: ({ kept, setGradient }) => `
      let h = ${kept("state")};
      ${setGradient(0, "sum * (1.0 - h * h)")}`,
  }],
};
