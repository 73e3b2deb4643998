import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Calibration, createCalibrationCounter } from "../../src/evaluation/calibration.ts";
import { assertClose } from "../assert_close.ts";

const FLOAT64 = { relative: 1e-12, absolute: 1e-15 };

function calibrate(answers: Iterable<readonly [number, boolean]>): Calibration {
  const counter = createCalibrationCounter();
  for (const [probability, isRight] of answers) counter.add(probability, isRight);
  return counter.finish();
}

/** Draws answers that are right less often than they are sure, by x' = (1103515245 x + 12345) mod 2^31 from 1. */
function* drawAnswers(count: number): Generator<readonly [number, boolean]> {
  let x = 1n;
  const next = (): number => {
    x = (x * 1103515245n + 12345n) % 2n ** 31n;
    return Number(x) / 2 ** 31;
  };
  for (let i = 0; i < count; i++) {
    const probability = next();
    yield [probability, next() < probability ** 1.5];
  }
}

Deno.test("calibration agrees with scikit-learn", () => {
  const { expectedCalibrationError, brierScore, meanProbability, bins } = calibrate(
    drawAnswers(1000),
  );
  // Source: scikit-learn 1.9.1 on the same 1,000 answers, whose bins are [0, 0.1), [0.1, 0.2) …; no answer is on a bound:
  // brier_score_loss(right, p), calibration_curve(right, p, n_bins=10, strategy="uniform"), numpy.histogram(p, 10 bins),
  // and sum(counts / 1000 * abs(prob_true - prob_pred))
  assertClose([brierScore], [0.16210237562547744], "Brier score", FLOAT64);
  assertClose([expectedCalibrationError], [0.11562323700636626], "ECE", FLOAT64);
  assertClose([meanProbability], [0.5028352352194488], "mean", FLOAT64);
  assertEquals(bins.map(({ examples }) => examples), [88, 110, 96, 97, 95, 114, 95, 109, 102, 94]);
  assertClose(
    [bins[0]!.right / 88, bins[5]!.right / 114, bins[9]!.right / 94],
    [0, 0.35964912280701755, 0.9574468085106383],
    "shares",
    FLOAT64,
  );
  assertClose(
    [bins[0]!.meanProbability!, bins[5]!.meanProbability!, bins[9]!.meanProbability!],
    [0.04745495898268101, 0.5503483493894077, 0.9479361607078859],
    "means",
    FLOAT64,
  );
});

Deno.test("a bin contains its upper bound, and the first one 0 too", () => {
  const { bins } = calibrate([[0, false], [0.1, false], [0.5, true], [1, true]]);
  assertEquals(bins.map(({ examples }) => examples), [2, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  assertEquals(bins[1], { from: 0.1, to: 0.2, examples: 0, right: 0, meanProbability: null });
});

Deno.test("answers that are surely right have no error, and surely wrong ones have all", () => {
  const { expectedCalibrationError: right, brierScore } = calibrate([[1, true], [1, true]]);
  assertEquals([right, brierScore], [0, 0]);
  const wrong = calibrate([[1, false]]);
  assertEquals([wrong.expectedCalibrationError, wrong.brierScore], [1, 1]);
});

Deno.test("the calibration error is at most 1 and at least the distance of the means", () => {
  const answer = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean());
  fc.assert(fc.property(fc.array(answer, { minLength: 1 }), (answers) => {
    const { expectedCalibrationError, meanProbability, bins } = calibrate(answers);
    const exactMatch = answers.filter(([, isRight]) => isRight).length / answers.length;
    assert(expectedCalibrationError <= 1 + 1e-12);
    assert(expectedCalibrationError >= Math.abs(meanProbability - exactMatch) - 1e-12);
    assertEquals(bins.reduce((sum, { examples }) => sum + examples, 0), answers.length);
  }));
});
