/** Sums the parts of a gradient whose depth was cut, and their squares. @module */
import { sumSquares } from "./gradients.ts";
import { MAIN_PARAMETERS, type Shader } from "./shader.ts";
import { STEP_SIZES } from "./step_sizes.ts";

/** Writes the shader. Each workgroup gives the sum of the squares of as many quads as it has threads. */
export function writeSumOfParts(threads: number): Shader {
  return {
    name: "sum of parts",
    bindings: [
      { name: "sizes", type: "StepSizes", use: "uniform" },
      { name: "gradient", type: "array<vec4f>", use: "write" },
    ],
    code: `
${STEP_SIZES.wgsl}
const THREADS = ${threads}u;
var<workgroup> squares: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(${MAIN_PARAMETERS}) {
  let chunk = group.y * groups.x + group.x;
  let at = chunk * THREADS + thread;
  var sum = vec4f();
  if (at < sizes.quads) {
    for (var part = 0u; part < sizes.cuts; part++) {
      sum += gradient[part * sizes.quads + at];
    }
    gradient[at] = sum;
  }
  squares[thread] = dot(sum, sum);
  ${
      sumSquares(
        threads,
        `if (chunk < sizes.norms) {
      gradient[sizes.cuts * sizes.quads + chunk] = vec4f(squares[0], 0.0, 0.0, 0.0);
    }`,
      )
    }
}`,
  };
}
