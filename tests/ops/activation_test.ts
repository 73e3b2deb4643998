import { assert } from "@std/assert";
import { floatsAt, type KernelBuild, runKernels, useKernelBuild } from "../../src/ops/kernels.ts";
import { withScratch } from "../../src/ops/resident_tensors.ts";

/** The errors that activation.as states. */
const ACTIVATIONS = [
  { name: "exp", number: 0, limit: 87, exact: Math.exp, relative: 1.5e-7, absolute: 0 },
  {
    name: "sigmoid",
    number: 1,
    limit: 40,
    exact: (x: number): number => 1 / (1 + Math.exp(-x)),
    relative: 0,
    absolute: 2e-7,
  },
  { name: "tanh", number: 2, limit: 40, exact: Math.tanh, relative: 4e-7, absolute: 0 },
] as const;

function apply(activation: number, values: Float32Array): Float32Array {
  const count = values.length;
  return withScratch(8 * count, (from) => {
    const to = from + 4 * count;
    floatsAt(from, count).set(values);
    floatsAt(to, count).fill(NaN);
    runKernels([{ kernel: "applyActivation", args: [from, to, count, activation], tasks: 1 }], 0);
    return floatsAt(to, count).slice();
  });
}

/** Values over the whole range, half of them close to zero. */
function spread(limit: number): Float32Array {
  const count = 200_000;
  return Float32Array.from({ length: count }, (_, i) => {
    const u = (i % (count / 2)) / (count / 4) - 1;
    return i < count / 2 ? limit * u : Math.sign(u) * Math.exp(-12 * (1 - Math.abs(u)));
  });
}

function withBuild(build: KernelBuild, body: () => void): void {
  useKernelBuild(build);
  try {
    body();
  } finally {
    useKernelBuild(undefined);
  }
}

for (const build of ["relaxed", "simd"] as const) {
  for (const { name, number, limit, exact, relative, absolute } of ACTIVATIONS) {
    Deno.test(`${name} of the ${build} build stays within its stated error over its range`, () => {
      const values = spread(limit);
      withBuild(build, () => {
        apply(number, values).forEach((found, i) => {
          const expected = exact(values[i]!);
          const error = Math.abs(found - expected);
          assert(
            error <= absolute + relative * Math.abs(expected),
            `${name}(${values[i]}) is ${found}, off by ${error}`,
          );
        });
      });
    });
  }

  Deno.test(`activations of the ${build} build keep NaN and saturate at infinity`, () => {
    withBuild(build, () => {
      const extremes = Float32Array.of(NaN, Infinity, -Infinity, 0);
      const [exp, sigmoid, tanh] = [0, 1, 2].map((number) => apply(number, extremes));
      for (const values of [exp!, sigmoid!, tanh!]) assert(Number.isNaN(values[0]));
      assert(exp![1]! > 1e38 && exp![2]! < 1e-37 && exp![3] === 1);
      assert(sigmoid![1] === 1 && sigmoid![2]! < 1e-37 && sigmoid![3] === 0.5);
      assert(Math.abs(tanh![1]! - 1) < 4e-7 && Math.abs(tanh![2]! + 1) < 4e-7 && tanh![3] === 0);
    });
  });
}
