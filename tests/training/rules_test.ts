import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type EpochMetrics, findBest, hasReached } from "../../src/training/metrics.ts";
import type { TrainingOptions } from "../../src/training/options.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";
import { learningRateAt } from "../../src/training/schedule.ts";
import { findStopReason } from "../../src/training/stop_rules.ts";

function epochOf(epoch: number, exactMatch: number, validationLoss = 1): EpochMetrics {
  return {
    epoch,
    step: epoch,
    loss: 1,
    validationLoss,
    characterAccuracy: 0.5,
    exactMatch,
    elapsedMs: 1,
  };
}

function stopReason(options: Partial<TrainingOptions>, exactMatches: number[]): string | undefined {
  const history = exactMatches.map((value, i) => epochOf(i + 1, value));
  const progress = { step: 0, batch: 0, lossSum: 0, elapsedMs: 0, history };
  return findStopReason({ options: resolveTraining({ epochs: 9, ...options }), progress });
}

Deno.test("the triangular schedule rises over its warm-up, peaks, and ends near zero", () => {
  const options = { schedule: "triangular", learningRate: 0.016, warmup: 0.25 } as const;
  const rates = Array.from({ length: 100 }, (_, i) => learningRateAt(i + 1, 100, options));
  assertAlmostEquals(rates[0]!, 0.016 / 25, 1e-12);
  assertEquals(Math.max(...rates), rates[24]);
  assertAlmostEquals(rates[24]!, 0.016, 1e-12);
  assertAlmostEquals(rates[99]!, 0.016 / 76, 1e-12);
});

Deno.test("the triangular schedule works with one step and without a warm-up", () => {
  const options = { schedule: "triangular", learningRate: 1 } as const;
  assertEquals(learningRateAt(1, 1, { ...options, warmup: 0.25 }), 1);
  assertEquals(learningRateAt(1, 10, { ...options, warmup: 0 }), 1);
  assertEquals(learningRateAt(10, 10, { ...options, warmup: 1 }), 1);
});

Deno.test("the flat schedule rises over its warm-up, stays until 60 % of the steps, and ends near zero", () => {
  const options = { schedule: "flat", learningRate: 0.024, warmup: 0.2 } as const;
  const rates = Array.from({ length: 100 }, (_, i) => learningRateAt(i + 1, 100, options));
  assertAlmostEquals(rates[0]!, 0.024 / 20, 1e-12);
  assertEquals(rates.slice(19, 60), Array(41).fill(0.024));
  assertEquals([rates[18]! < 0.024, rates[61]! < 0.024], [true, true]);
  assertAlmostEquals(rates[99]!, 0.024 / 41, 1e-12);
});

Deno.test("the flat schedule works with one step and with any warm-up", () => {
  const options = { schedule: "flat", learningRate: 1 } as const;
  assertEquals(learningRateAt(1, 1, { ...options, warmup: 0.2 }), 1);
  assertEquals(learningRateAt(1, 10, { ...options, warmup: 0 }), 1);
  const late = Array.from(
    { length: 10 },
    (_, i) => learningRateAt(i + 1, 10, { ...options, warmup: 0.9 }),
  );
  const triangular = Array.from(
    { length: 10 },
    (_, i) => learningRateAt(i + 1, 10, { ...options, schedule: "triangular", warmup: 0.9 }),
  );
  assertEquals(late, triangular);
  assertEquals(learningRateAt(10, 10, { ...options, warmup: 1 }), 1);
});

Deno.test("the cosine schedule rises over its warm-up, falls as a cosine, and ends near zero", () => {
  const options = { schedule: "cosine", learningRate: 0.01, warmup: 0.2 } as const;
  const rates = Array.from({ length: 100 }, (_, i) => learningRateAt(i + 1, 100, options));
  assertAlmostEquals(rates[0]!, 0.01 / 20, 1e-12);
  assertAlmostEquals(rates[19]!, 0.01, 1e-12);
  assertEquals(Math.max(...rates), rates[19]);
  assertAlmostEquals((rates[59]! + rates[60]!) / 2, 0.005, 1e-4); // half of the way down
  const fall = rates.slice(19);
  assertEquals(fall, fall.toSorted((a, b) => b - a));
  assertAlmostEquals(rates[99]!, 0.01 * (1 - Math.cos(Math.PI / 81)) / 2, 1e-12);
  assertEquals(learningRateAt(1, 1, options), 0.01);
  assertEquals(learningRateAt(10, 10, { ...options, warmup: 1 }), 0.01);
});

Deno.test("the constant schedule is constant", () => {
  const options = { schedule: "constant", learningRate: 0.001, warmup: 0.25 } as const;
  assertEquals([1, 50, 100].map((step) => learningRateAt(step, 100, options)), [
    0.001,
    0.001,
    0.001,
  ]);
});

Deno.test("resolveTraining() gives every option of a recipe", () => {
  assertEquals(resolveTraining(), {
    recipe: "fast",
    epochs: 4,
    batchSize: 64,
    learningRate: 0.024,
    schedule: "flat",
    warmup: 0.2,
    beta1: 0.85,
    beta2: 0.95,
    epsilon: 1e-7,
    weightDecay: 0.045,
    clipNorm: 0.5,
    dropout: 0,
    labelSmoothing: 0,
    swap: false,
    weighted: false,
    fresh: false,
    seed: 0,
    stopAt: null,
    patience: 0,
    monitor: "exactMatch",
  });
  assertEquals(resolveTraining({ recipe: "notebook" }), {
    ...resolveTraining(),
    recipe: "notebook",
    epochs: 99,
    batchSize: 128,
    learningRate: 0.001,
    schedule: "constant",
    warmup: 0.25,
    beta1: 0.9,
    beta2: 0.999,
    weightDecay: 0,
    clipNorm: 0,
  });
});

Deno.test("resolveTraining() refuses values out of range, by name", () => {
  const wrong: Partial<TrainingOptions>[] = [
    { epochs: 0 },
    { batchSize: 1.5 },
    { learningRate: 0 },
    { learningRate: Infinity },
    { schedule: "linear" as "constant" },
    { warmup: 2 },
    { beta1: 1 },
    { beta2: -0.1 },
    { epsilon: 0 },
    { weightDecay: -1 },
    { clipNorm: NaN },
    { patience: -1 },
    { monitor: "accuracy" as "loss" },
    { recipe: "slow" as "fast" },
    { seed: 0.5 },
  ];
  for (const options of wrong) {
    assertThrows(() => resolveTraining(options), RangeError, Object.keys(options)[0]!);
  }
});

Deno.test("training stops after its epochs", () => {
  assertEquals(stopReason({ epochs: 2 }, [0.1]), undefined);
  assertEquals(stopReason({ epochs: 2 }, [0.1, 0.2]), "epochs");
});

Deno.test("training stops when a metric is reached", () => {
  const stopAt = { metric: "exactMatch", value: 0.9 } as const;
  assertEquals(stopReason({ stopAt }, [0.8]), undefined);
  assertEquals(stopReason({ stopAt }, [0.8, 0.9]), "stopAt");
  assertEquals(hasReached(epochOf(1, 0, 0.5), "validationLoss", 0.5), true);
  assertEquals(hasReached(epochOf(1, 0, 0.6), "validationLoss", 0.5), false);
});

Deno.test("training stops when no epoch was better for as many epochs as its patience", () => {
  assertEquals(stopReason({ patience: 2 }, [0.5, 0.4]), undefined);
  assertEquals(stopReason({ patience: 2 }, [0.5, 0.4, 0.5]), "patience");
  assertEquals(stopReason({ patience: 2 }, [0.5, 0.4, 0.6]), undefined);
});

Deno.test("findBest() breaks a tie by the validation loss, then takes the earlier epoch", () => {
  const history = [epochOf(1, 0.5, 2), epochOf(2, 0.5, 1), epochOf(3, 0.5, 1), epochOf(4, 0.4, 0)];
  assertEquals(findBest(history, "exactMatch")?.epoch, 2);
  assertEquals(findBest(history, "validationLoss")?.epoch, 4);
  assertEquals(findBest([], "loss"), undefined);
});

Deno.test("resolveTraining() checks values as float32 if they become float32", () => {
  const wrong: [Partial<TrainingOptions>, string][] = [
    [{ learningRate: 1e-50 }, "learningRate must be a positive float32"],
    [{ learningRate: 1e39 }, "learningRate must be a positive float32"],
    [{ epsilon: 1e-50 }, "epsilon must be a positive float32 (1.18e-38 to 3.4e+38), but is 1e-50"],
    [{ beta1: 0.99999999 }, "beta1 must be 0 or a positive float32 below 1"],
    [{ beta2: 0.99999999 }, "beta2 must be 0 or a positive float32 below 1"],
    [{ weightDecay: 1e-50 }, "weightDecay must be 0 or a positive float32"],
    [{ clipNorm: 1e-50 }, "clipNorm must be 0 or a positive float32"],
    [{ clipNorm: 1e39 }, "clipNorm must be 0 or a positive float32"],
  ];
  for (const [options, words] of wrong) {
    assertThrows(() => resolveTraining(options), RangeError, words);
  }
});

Deno.test("resolveTraining() refuses values that are known to fail together", () => {
  assertThrows(
    () => resolveTraining({ learningRate: 2, weightDecay: 0.6 }),
    RangeError,
    "learningRate × weightDecay must be at most 1",
  );
  assertThrows(
    () => resolveTraining({ learningRate: 1e38, weightDecay: 0, beta1: 0.999, beta2: 0 }),
    RangeError,
    "the rate of the first update",
  );
  resolveTraining({ learningRate: 2, weightDecay: 0.5 });
});

Deno.test("resolveTraining() accepts stop values from 0 to 1 for accuracies, and any loss", () => {
  const stopAt = (metric: "exactMatch" | "loss", value: number): Partial<TrainingOptions> => ({
    stopAt: { metric, value },
  });
  assertThrows(
    () => resolveTraining(stopAt("exactMatch", 90)),
    RangeError,
    "value must be from 0 to 1 for exactMatch, but is 90",
  );
  assertThrows(() => resolveTraining(stopAt("loss", -1)), RangeError, "value must be finite");
  assertEquals(resolveTraining(stopAt("loss", 90)).stopAt?.value, 90);
  const unknown = { metric: "loss", valu: 1 } as unknown as { metric: "loss"; value: number };
  assertThrows(() => resolveTraining({ stopAt: unknown }), TypeError, 'did you mean "value"?');
});

Deno.test("resolveTraining() replaces undefined by the default, and its result cannot be changed", () => {
  const options = { epochs: undefined, seed: undefined } as unknown as Partial<TrainingOptions>;
  const resolved = resolveTraining(options);
  assertEquals(resolved, resolveTraining());
  assertThrows(() => Object.assign(resolved, { epochs: 9 }), TypeError);
});
