/** Sums the parts of a gradient whose depth was cut, and their squares. @module */
import { sumSquares } from "./gradients.ts";
import { MAIN_PARAMETERS, type Shader } from "./shader.ts";

/** Writes the shader. Each workgroup gives the sum of the squares of as many quads as it has threads. */
export function writeSumOfParts(
  { quads, parts, threads }: { quads: number; parts: number; threads: number },
): Shader {
  return {
    name: "sum of parts",
    bindings: [{ name: "gradient", type: "array<vec4f>", use: "write" }],
    code: `
const THREADS = ${threads}u;
var<workgroup> squares: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(${MAIN_PARAMETERS}) {
  let chunk = group.y * groups.x + group.x;
  let at = chunk * THREADS + thread;
  var sum = vec4f();
  if (at < ${quads}u) {
    for (var part = 0u; part < ${parts}u; part++) {
      sum += gradient[part * ${quads}u + at];
    }
    gradient[at] = sum;
  }
  squares[thread] = dot(sum, sum);
  ${
      sumSquares(
        threads,
        `if (chunk < ${Math.ceil(quads / threads)}u) {
      gradient[${parts * quads}u + chunk] = vec4f(squares[0], 0.0, 0.0, 0.0);
    }`,
      )
    }
}`,
  };
}
