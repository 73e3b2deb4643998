import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { wilsonInterval } from "../../src/evaluation/interval.ts";
import { assertClose } from "../assert_close.ts";

/**
 * Right answers, examples, and both ends. Source: statsmodels 0.15.0,
 * `statsmodels.stats.proportion.proportion_confint(right, n, alpha=0.05, method="wilson")`.
 */
const GOLDEN = [
  [0, 1, 0, 0.7934506856227627],
  [1, 1, 0.2065493143772374, 1],
  [0, 10, 0, 0.27753279986288926],
  [10, 10, 0.7224672001371106, 1],
  [5, 10, 0.23659309051256394, 0.7634069094874361],
  [85, 100, 0.7671644040916763, 0.9069401471634337],
  [4994, 5000, 0.9973842237073702, 0.9994499168322408],
  [999_000, 1_000_000, 0.9989361050825679, 0.9990600611562565],
  [1, 1_000_000, 1.7652457674537176e-7, 5.664911804311445e-6],
] as const;
const FLOAT64 = { relative: 1e-12, absolute: 1e-15 };

Deno.test("wilsonInterval() agrees with statsmodels", () => {
  for (const [right, examples, low, high] of GOLDEN) {
    const found = wilsonInterval(right, examples);
    assertClose([found.low, found.high], [low, high], `${right} of ${examples}`, FLOAT64);
  }
});

Deno.test("wilsonInterval() knows nothing without examples", () => {
  assertEquals(wilsonInterval(0, 0), { low: 0, high: 1 });
});

Deno.test("wilsonInterval() contains the share, is within 0 to 1, and narrows with more examples", () => {
  const counts = fc.integer({ min: 1, max: 1e7 }).chain((examples) =>
    fc.tuple(fc.integer({ min: 0, max: examples }), fc.constant(examples))
  );
  fc.assert(fc.property(counts, ([right, examples]) => {
    const { low, high } = wilsonInterval(right, examples);
    assert(0 <= low && low <= right / examples && right / examples <= high && high <= 1);
    const more = wilsonInterval(10 * right, 10 * examples);
    assert(more.high - more.low < high - low);
    const wrong = wilsonInterval(examples - right, examples);
    assertClose([1 - wrong.high, 1 - wrong.low], [low, high], "of wrong answers", FLOAT64);
  }));
});
