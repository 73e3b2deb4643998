/** The GRU in WGSL. @module */
import type { CellKernel } from "./cell.ts";

/**
 * Gated recurrent unit.
 *
 *   z, r = sigmoid(x W_zr + h U_zr + b_zr);  g = tanh(x W_g + (r h) U_g + b_g);  h' = z h + (1 - z) g
 *
 * Gates in Keras' order z, r, g. The reset gate is applied before the product, as in Cho et al. 2014 and in Keras'
 * `reset_after=False`. Two stages, because the second product is of what the first one gives.
 */
export const GRU: CellKernel = {
  groups: [[0, 1], [2]],
  keeps: { update: 1, reset: 1, candidate: 1 },
  vectors: ["reset_states"],
  carried: ["h", "update"],
  carriedBack: ["dh", "d_update"],
  forward: [{
    group: 0,
    vector: "states",
    unit: ({ carried, keep, give }) => `
      let update = sigmoid(z.x);
      let reset = sigmoid(z.y);
      ${carried("update")} = update;
      ${keep("update", "update")}
      ${keep("reset", "reset")}
      ${give("reset_states", `reset * ${carried("h")}`)}`,
  }, {
    group: 1,
    vector: "reset_states",
    unit: ({ carried, keep, setState }) => `
      let candidate = tanh_of(z);
      let h = ${carried("update")} * ${carried("h")} + (1.0 - ${carried("update")}) * candidate;
      ${carried("h")} = h;
      ${keep("candidate", "candidate")}
      ${setState("h")}`,
  }],
  backward: [{
    product: { group: 0, of: "later" },
    unit: ({ carried, kept, keptBefore, setGradient }) => `
      let update = ${kept("update")};
      let candidate = ${kept("candidate")};
      let before = ${keptBefore("state")};
      let dh = ${carried("dh")} + sum;
      ${carried("dh")} = dh;
      ${carried("d_update")} = dh * (before - candidate) * update * (1.0 - update);
      ${setGradient(1, "dh * (1.0 - update) * (1.0 - candidate * candidate)")}`,
  }, {
    product: { group: 1, of: "same" },
    unit: ({ carried, kept, keptBefore, setGradient }) => `
      let reset = ${kept("reset")};
      let before = ${keptBefore("state")};
      ${carried("dh")} = ${carried("dh")} * ${kept("update")} + sum * reset;
      ${setGradient(0, `vec2f(${carried("d_update")}, sum * before * reset * (1.0 - reset))`)}`,
  }],
};
