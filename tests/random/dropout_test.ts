import { assert, assertEquals } from "@std/assert";
import {
  dropoutPlaceKey,
  dropoutRowKey,
  dropoutSites,
  dropoutStepKey,
  dropThreshold,
  isKept,
  mix,
} from "../../src/random/dropout.ts";

/** The same by integers of any size: what the comment of dropout.ts says. */
function mixExactly(x: bigint): bigint {
  const word = (value: bigint): bigint => BigInt.asUintN(32, value);
  x = word((x ^ (x >> 16n)) * 0x7feb352dn);
  x = word((x ^ (x >> 15n)) * 0x846ca68bn);
  return x ^ (x >> 16n);
}

const INTEGERS = [0, 1, 2, 0x7fffffff, 0x80000000, 0xdeadbeef, 0xffffffff];

Deno.test("mix() computes by unsigned 32-bit integers", () => {
  for (const x of INTEGERS) assertEquals(BigInt(mix(x)), mixExactly(BigInt(x)));
});

Deno.test("the keys of dropout are sums and products modulo 2^32", () => {
  for (const key of INTEGERS) {
    const wide = BigInt(key);
    const exact = (factor: bigint, by: bigint): bigint =>
      mixExactly(BigInt.asUintN(32, wide + by * factor));
    assertEquals(BigInt(dropoutStepKey(key, 70_000)), exact(0x9e3779b9n, 70_000n));
    assertEquals(BigInt(dropoutRowKey(key, 50_000)), exact(0x85ebca6bn, 50_000n));
    assertEquals(BigInt(dropoutPlaceKey(key, 7, 4095)), exact(0xc2b2ae35n, 7n * 4096n + 4095n));
  }
});

Deno.test("isKept() keeps the share of values that is not dropped, independently of each other", () => {
  const threshold = dropThreshold(0.3);
  const rows = Array.from({ length: 200 }, (_, row) => dropoutRowKey(dropoutStepKey(1, 1), row));
  const kept = rows.map((rowKey) =>
    Array.from(
      { length: 200 },
      (_, f) => Number(isKept(dropoutPlaceKey(rowKey, 0, f), f, threshold)),
    )
  );
  const share = (values: readonly number[]): number =>
    values.reduce((a, b) => a + b, 0) / values.length;
  assert(Math.abs(share(kept.flat()) - 0.7) < 0.01); // 4 standard deviations of 40,000 values
  const neighbours = kept.flatMap((row) => row.slice(1).map((value, i) => value * row[i]!));
  assert(Math.abs(share(neighbours) - 0.49) < 0.015);
});

Deno.test("nothing is dropped at a rate of 0", () => {
  for (const key of INTEGERS) assert(isKept(key, 3, dropThreshold(0)));
});

Deno.test("every place of dropout has a number of its own", () => {
  const { sourceEmbedding, encoder, targetEmbedding, decoderLayers, attention } = dropoutSites(
    3,
    4,
  );
  const sites = [sourceEmbedding, ...encoder, targetEmbedding, ...decoderLayers, attention];
  assertEquals(sites, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});
