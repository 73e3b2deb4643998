import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type OrthonormalOptions,
  orthonormalRows,
} from "../../../src/device/cpu/orthonormal/orthonormal_rows.ts";
import { forkPrng, type Prng } from "../../../src/random/prng.ts";
import { runAtOnce } from "../../../src/time/slices.ts";

type Size = { readonly count: number; readonly length: number };

/** Sizes below, equal to, above and not a multiple of the kernels' blocks: 16 and 128 rows, 256 values, 4 lanes. */
const SIZES: Size[] = [
  { count: 1, length: 1 },
  { count: 1, length: 5 },
  { count: 2, length: 2 },
  { count: 13, length: 17 },
  { count: 16, length: 16 },
  { count: 17, length: 300 },
  { count: 127, length: 131 },
  { count: 128, length: 256 },
  { count: 129, length: 129 },
  { count: 160, length: 257 },
  { count: 257, length: 263 },
  { count: 300, length: 300 },
];

function fillWith(prng: Prng): (row: Float64Array) => void {
  return (row) => {
    for (let i = 0; i < row.length; i++) row[i] = prng.nextFloat() - 0.5;
  };
}

/** Textbook Gram–Schmidt; each row is reduced twice. */
function orthonormalize(fill: (row: Float64Array) => void, { count, length }: Size): Float64Array {
  const result = new Float64Array(count * length);
  for (let i = 0; i < count; i++) {
    const row = result.subarray(i * length, (i + 1) * length);
    fill(row);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = result.subarray(j * length, (j + 1) * length);
        const scale = dot(row, other);
        for (let k = 0; k < length; k++) row[k]! -= scale * other[k]!;
      }
    }
    const norm = Math.sqrt(dot(row, row));
    for (let k = 0; k < length; k++) row[k]! /= norm;
  }
  return result;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

/** Gives the largest element of |Q Qᵀ - I|. */
function worstProduct(values: Float32Array, { count, length }: Size): number {
  const row = (i: number): Float32Array => values.subarray(i * length, (i + 1) * length);
  let worst = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      worst = Math.max(worst, Math.abs(dot(row(i), row(j)) - (i === j ? 1 : 0)));
    }
  }
  return worst;
}

Deno.test("orthonormalRows() equals Gram–Schmidt row by row at every size", () => {
  for (const size of SIZES) {
    const expected = orthonormalize(fillWith(forkPrng(3, "rows")), size);
    const found = runAtOnce(orthonormalRows(fillWith(forkPrng(3, "rows")), size));
    assertEquals(found.length, expected.length);
    found.forEach((value, i) => {
      const difference = Math.abs(value - expected[i]!);
      if (difference <= 1e-7) return; // half a unit of a float32 near 1 is 6e-8
      assert(false, `${size.count} × ${size.length}, ${i}: ${value} is not ${expected[i]}`);
    });
  }
});

Deno.test("orthonormalRows() gives orthonormal rows if the filled ones are nearly the same", () => {
  const size = { count: 200, length: 256 };
  for (const difference of [1e-3, 1e-9]) {
    const prng = forkPrng(1, "rows");
    const values = runAtOnce(orthonormalRows((row) => {
      for (let i = 0; i < row.length; i++) row[i] = i + difference * prng.nextFloat();
    }, size));
    const worst = worstProduct(values, size);
    assert(worst < 1e-6, `${difference}: ${worst}`);
  }
});

Deno.test("orthonormalRows() gives the same bytes on any number of threads and in both kernel builds", () => {
  const size = { count: 273, length: 1030 };
  const draw = (options: OrthonormalOptions): Float32Array =>
    runAtOnce(orthonormalRows(fillWith(forkPrng(5, "rows")), size, options));
  const expected = draw({ threads: 1 });
  for (const threads of [1, 3]) {
    for (const build of ["simd", "relaxed"] as const) {
      assertEquals(draw({ threads, build }), expected);
    }
  }
});

Deno.test("orthonormalRows() reports progress that never decreases, and can be stopped", () => {
  const size = { count: 300, length: 301 };
  const shares = [...orthonormalRows(fillWith(forkPrng(5, "rows")), size)];
  assertEquals(shares, shares.toSorted((a, b) => a - b));
  assert(shares.length > 300 && shares.every((share) => share > 0 && share <= 1), shares.join());
  const stopped = orthonormalRows(fillWith(forkPrng(5, "rows")), size);
  for (let i = 0; i < 305; i++) stopped.next();
  stopped.return(new Float32Array());
  assertEquals(stopped.next().done, true);
});

Deno.test("orthonormalRows() refuses rows that do not fit into the kernels' memory", () => {
  const size = { count: 32_768, length: 32_768 };
  assertThrows(() => runAtOnce(orthonormalRows(() => {}, size)), RangeError, "4 GiB");
});
