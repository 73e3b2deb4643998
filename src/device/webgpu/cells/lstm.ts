/** The LSTM in WGSL. @module */
import type { CellKernel } from "./cell.ts";

/**
 * Long short-term memory.
 *
 *   z = x W + h U + b;  i, f, o = sigmoid(z_i, z_f, z_o);  g = tanh(z_g)
 *   c' = f c + i g;  h' = o tanh(c')
 *
 * Source: Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000; no peepholes. Gates in Keras' order i, f, g, o.
 */
export const LSTM: CellKernel = {
  groups: [[0, 1, 2, 3]],
  keeps: { gates: 4, c: 1 },
  vectors: [],
  carried: ["c"],
  carriedBack: ["dc"],
  forward: [{
    group: 0,
    vector: "states",
    unit: ({ carried, keep, setState }) => `
      let gates = vec4f(sigmoid(z.x), sigmoid(z.y), tanh_of(z.z), sigmoid(z.w));
      let c = gates.y * ${carried("c")} + gates.x * gates.z;
      ${carried("c")} = c;
      ${keep("gates", "gates")}
      ${keep("c", "c")}
      ${setState("gates.w * tanh_of(c)")}`,
  }],
  backward: [{
    product: { group: 0, of: "later" },
    unit: ({ carried, kept, keptBefore, setGradient }) => `
      let gates = ${kept("gates")};
      let tanh_c = tanh_of(${kept("c")});
      let before = ${keptBefore("c")};
      let dc = ${carried("dc")} + sum * gates.w * (1.0 - tanh_c * tanh_c);
      ${carried("dc")} = dc * gates.y;
      ${
      setGradient(
        0,
        `vec4f(
        dc * gates.z * gates.x * (1.0 - gates.x),
        dc * before * gates.y * (1.0 - gates.y),
        dc * gates.x * (1.0 - gates.z * gates.z),
        sum * tanh_c * gates.w * (1.0 - gates.w),
      )`,
      )
    }`,
  }],
};
