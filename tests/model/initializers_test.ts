import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { initialize as draw } from "../../src/model/initializers.ts";
import type { Initializer } from "../../src/network/layers.ts";
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

/** Values of earlier versions: SHA-256 of the bytes, by Deno 2.9 on x64, its first 16 digits. */
const GOLDEN = [
  { initializer: "orthogonal", shape: [1, 1], hash: "e00e5eb9444182f3" },
  { initializer: "orthogonal", shape: [2, 3], hash: "b052e351d5f824df" },
  { initializer: "orthogonal", shape: [13, 7], hash: "a04282208cff77a4" },
  { initializer: "orthogonal", shape: [127, 130], hash: "78f15159572e29b2" },
  { initializer: "orthogonal", shape: [128, 128], hash: "1d60e49f277cc3fd" },
  { initializer: "orthogonal", shape: [128, 512], hash: "d427c094e0241d26" },
  { initializer: "orthogonal", shape: [512, 128], hash: "c23930d369ab3524" },
  { initializer: "orthogonal", shape: [200, 800], hash: "ea45efaf8ed0a305" },
  { initializer: "glorotUniform", shape: [12, 512], hash: "bcca85a74dd20b05" },
] as const;

Deno.test("initialize() draws the same from version to version", async () => {
  for (const { initializer, shape, hash } of GOLDEN) {
    const values = initialize(initializer, [...shape], forkPrng(7, "golden"));
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", values.slice().buffer));
    assertEquals(bytes.toHex().slice(0, 16), hash, `${initializer} (${shape.join(", ")})`);
  }
});

/** The algorithm of small matrices, for any size: normal vectors, each orthogonalized twice against those before it. */
function drawByTextbook(rows: number, columns: number, prng: Prng): Float32Array {
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, x, i) => s + x * b[i]!, 0);
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from({ length }, () => {
      const radius = Math.sqrt(-2 * Math.log(1 - prng.nextFloat()));
      return radius * Math.cos(2 * Math.PI * prng.nextFloat());
    });
    for (let pass = 0; pass < 2; pass++) {
      for (const other of vectors) {
        const scale = dot(vector, other);
        for (let i = 0; i < length; i++) vector[i]! -= scale * other[i]!;
      }
    }
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((x) => x / norm));
  }
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    return rows <= columns ? vectors[row]![column]! : vectors[column]![row]!;
  });
}

Deno.test("orthogonal equals the textbook's algorithm below, at and above 128 vectors, wide, tall and square", () => {
  for (
    const [rows, columns] of [
      ...[[1, 2], [2, 1], [11, 11], [128, 130], [129, 129], [129, 516], [131, 137], [137, 131]],
      ...[[199, 211], [211, 199], [256, 256], [256, 300]],
    ] as [number, number][]
  ) {
    const expected = drawByTextbook(rows, columns, forkPrng(9, "test"));
    const found = initialize("orthogonal", [rows, columns], forkPrng(9, "test"));
    found.forEach((value, i) => {
      if (Math.abs(value - expected[i]!) <= 1e-7) return;
      assert(false, `${rows} × ${columns}, ${i}: ${value} is not ${expected[i]}`);
    });
  }
});

Deno.test("orthogonal keeps its rows orthonormal to 1e-6 where a matrix is large and square", () => {
  const size = 640;
  const values = initialize("orthogonal", [size, size], forkPrng(2, "test"));
  let worst = 0;
  for (let a = 0; a < size; a += 3) { // checks a third of the pairs
    for (let b = 0; b <= a; b++) {
      let dot = a === b ? -1 : 0;
      for (let j = 0; j < size; j++) dot += values[a * size + j]! * values[b * size + j]!;
      worst = Math.max(worst, Math.abs(dot));
    }
  }
  assert(worst < 1e-6, String(worst));
});

Deno.test("glorotUniform fills its range evenly", () => {
  const values = initialize("glorotUniform", [100, 200], forkPrng(1, "test"));
  const limit = Math.sqrt(6 / 300);
  assert(values.every((value) => Math.abs(value) <= limit));
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  assert(Math.abs(variance / (limit * limit / 3) - 1) < 0.03, String(variance));
});

Deno.test("normal has mean 0, variance 1, and values beyond every uniform range of that variance", () => {
  const values = initialize("normal", [100, 200], forkPrng(1, "test"));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  assert(Math.abs(mean) < 0.03, String(mean));
  assert(Math.abs(variance - 1) < 0.04, String(variance));
  const beyond = values.filter((value) => Math.abs(value) > 2).length / values.length;
  assert(Math.abs(beyond - 0.0455) < 0.006, String(beyond));
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
