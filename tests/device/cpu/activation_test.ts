import { assert } from "@std/assert";
import type { KernelBuild } from "../../../src/device/cpu/kernel_build.ts";
import { BUILDS, KernelCalls } from "./kernel_calls.ts";

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

function apply(build: KernelBuild, activation: number, values: Float32Array): Float32Array {
  using calls = new KernelCalls(build);
  const count = values.length;
  const from = calls.floats(values), to = calls.floats(count);
  calls.run("applyActivation", {
    ...{ name: "ApplyArgs", tasks: 1 },
    values: { from, to, count, activation },
  });
  return calls.read(to, count);
}

/** Values over the whole range, half of them close to zero. */
function spread(limit: number): Float32Array {
  const count = 200_000;
  return Float32Array.from({ length: count }, (_, i) => {
    const u = (i % (count / 2)) / (count / 4) - 1;
    return i < count / 2 ? limit * u : Math.sign(u) * Math.exp(-12 * (1 - Math.abs(u)));
  });
}

for (const build of BUILDS) {
  for (const { name, number, limit, exact, relative, absolute } of ACTIVATIONS) {
    Deno.test(`${name} of the ${build} build stays within its stated error over its range`, () => {
      const values = spread(limit);
      apply(build, number, values).forEach((found, i) => {
        const expected = exact(values[i]!);
        const error = Math.abs(found - expected);
        if (error <= absolute + relative * Math.abs(expected)) return;
        assert(false, `${name}(${values[i]}) is ${found}, off by ${error}`);
      });
    });
  }

  Deno.test(`activations of the ${build} build keep NaN and saturate at infinity`, () => {
    const extremes = Float32Array.of(NaN, Infinity, -Infinity, 0);
    const [exp, sigmoid, tanh] = [0, 1, 2].map((number) => apply(build, number, extremes));
    for (const values of [exp!, sigmoid!, tanh!]) assert(Number.isNaN(values[0]));
    assert(exp![1]! > 1e38 && exp![2]! < 1e-37 && exp![3] === 1);
    assert(sigmoid![1] === 1 && sigmoid![2]! < 1e-37 && sigmoid![3] === 0.5);
    assert(Math.abs(tanh![1]! - 1) < 4e-7 && Math.abs(tanh![2]! + 1) < 4e-7 && tanh![3] === 0);
  });
}
