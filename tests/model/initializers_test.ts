import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { initialize as draw } from "../../src/model/initializers.ts";
import type { Initializer } from "../../src/model/layers.ts";
import { forkPrng, type Prng } from "../../src/random/prng.ts";
import { runAtOnce } from "../../src/time/slices.ts";

function initialize(initializer: Initializer, shape: number[], prng: Prng): Float32Array {
  return runAtOnce(draw(initializer, shape, prng));
}

Deno.test("orthogonal gives orthonormal rows, or columns of a tall matrix", () => {
  const size = fc.integer({ min: 1, max: 24 });
  fc.assert(fc.property(size, size, fc.integer(), (rows, columns, seed) => {
    const values = initialize("orthogonal", [rows, columns], forkPrng(seed, "test"));
    const at = (i: number, j: number): number =>
      rows <= columns ? values[i * columns + j]! : values[j * columns + i]!;
    const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let dot = 0;
        for (let j = 0; j < length; j++) dot += at(a, j) * at(b, j);
        assert(Math.abs(dot - (a === b ? 1 : 0)) < 1e-6, `${a}·${b} = ${dot}`);
      }
    }
  }));
});

Deno.test("glorotUniform fills its range evenly", () => {
  const values = initialize("glorotUniform", [100, 200], forkPrng(1, "test"));
  const limit = Math.sqrt(6 / 300);
  assert(values.every((value) => Math.abs(value) <= limit));
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  assert(Math.abs(variance / (limit * limit / 3) - 1) < 0.03, String(variance));
});

Deno.test("unitForgetBias is one for the second of four gates", () => {
  assertEquals([...initialize("unitForgetBias", [8], forkPrng(1, "test"))], [
    0,
    0,
    1,
    1,
    0,
    0,
    0,
    0,
  ]);
});
