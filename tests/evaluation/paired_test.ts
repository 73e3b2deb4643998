import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { comparePaired, type PairedCounts, testMcNemar } from "../../src/evaluation/paired.ts";

function count(both: number, onlyFirst: number, onlySecond: number, neither: number): PairedCounts {
  return { both, onlyFirst, onlySecond, neither };
}

/** A published interval of the first less the second, with its decimals. */
const PUBLISHED = [
  // Newcombe 1998 (Statistics in Medicine 17, 2635-2650), method 10, table of 36, 12, 2 and 0
  { counts: count(36, 12, 2, 0), low: 0.0569, high: 0.3404, decimals: 4 },
  // Bentur et al. 2009, in Fagerland, Lydersen & Laake, "Statistical Analysis of Contingency Tables", chapter 8
  { counts: count(1, 1, 7, 12), low: -0.507, high: -0.026, decimals: 3 },
] as const;

for (const { counts, low, high, decimals } of PUBLISHED) {
  Deno.test(`comparePaired() gives the published interval of ${Object.values(counts)}`, () => {
    const found = comparePaired(counts); // of the second less the first
    assertAlmostEquals(-found.high, low, 0.5 * 10 ** -decimals);
    assertAlmostEquals(-found.low, high, 0.5 * 10 ** -decimals);
  });
}

const COUNTS = fc.record({
  both: fc.nat(200),
  onlyFirst: fc.nat(200),
  onlySecond: fc.nat(200),
  neither: fc.nat(200),
}).filter((counts) => Object.values(counts).some((each) => each > 0));

Deno.test("a paired interval holds its difference, is within -1 and 1, and turns its sign with the order of the models", () => {
  fc.assert(fc.property(COUNTS, (counts) => {
    const { difference, low, high } = comparePaired(counts);
    assert(low <= difference && difference <= high);
    assert(low >= -1 - 1e-12 && high <= 1 + 1e-12);
    const { onlyFirst, onlySecond } = counts;
    const turned = comparePaired({ ...counts, onlyFirst: onlySecond, onlySecond: onlyFirst });
    assertAlmostEquals(turned.low, -high, 1e-12);
    assertAlmostEquals(turned.high, -low, 1e-12);
  }));
});

Deno.test("models that differ nowhere have the difference 0 and an interval with a width", () => {
  const { difference, low, high } = comparePaired(count(10, 0, 0, 0));
  assertEquals(difference, 0);
  assert(low < 0 && high > 0);
});

Deno.test("testMcNemar() is exact: 1 and 7 give 2 (1 + 8) / 2^8, equal counts give 1, none gives 1", () => {
  assertAlmostEquals(testMcNemar(1, 7), 18 / 256, 1e-15);
  assertAlmostEquals(testMcNemar(7, 1), 18 / 256, 1e-15);
  assertAlmostEquals(testMcNemar(0, 10), 2 / 1024, 1e-15);
  assertEquals([testMcNemar(5, 5), testMcNemar(0, 0)], [1, 1]);
});

Deno.test("testMcNemar() of large counts equals a sum of exact integers", () => {
  const [b, c] = [430, 520];
  const n = b + c;
  let [term, sum] = [1n, 1n];
  for (let k = 1; k <= b; k++) {
    term = term * BigInt(n - k + 1) / BigInt(k);
    sum += term;
  }
  const scale = 10n ** 18n;
  const expected = Number(2n * sum * scale / 2n ** BigInt(n)) / 1e18;
  assertAlmostEquals(testMcNemar(b, c), expected, 1e-9 * expected);
  assert(testMcNemar(100_000, 120_000) >= 0);
});
