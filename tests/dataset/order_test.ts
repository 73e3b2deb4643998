import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { drawEpoch, drawEpochInTurns, limitWeights } from "../../src/dataset/order.ts";
import { shuffledPositions } from "../../src/dataset/shuffle.ts";
import { forkPrng } from "../../src/random/prng.ts";
import { runAtOnce } from "../../src/time/slices.ts";

function draw(count: number, options: Partial<Parameters<typeof drawEpoch>[1]> = {}): number[] {
  return [...runAtOnce(drawEpoch(count, { seed: 1, epoch: 1, ...options }))];
}

function limit(weights: number[]): number[] {
  const limited = Uint16Array.from(weights);
  limitWeights(limited);
  return [...limited];
}

Deno.test("drawEpoch() gives every epoch its own order, the same for the same seed", () => {
  const options = { swap: true, weights: Uint16Array.from({ length: 50 }, (_, i) => 1 + i % 3) };
  for (const how of [{}, options]) {
    assertEquals(draw(50, { ...how, epoch: 2 }), draw(50, { ...how, epoch: 2 }));
    assert(draw(50, { ...how, epoch: 2 }).join() !== draw(50, { ...how, epoch: 3 }).join());
    assert(draw(50, { ...how, seed: 2 }).join() !== draw(50, { ...how, seed: 3 }).join());
  }
});

Deno.test("drawEpoch() without weights and swap gives the order of earlier versions, so that a resumed run keeps its order", () => {
  const order = runAtOnce(shuffledPositions(5000, forkPrng(7, "order/3")));
  assertEquals(draw(5000, { seed: 7, epoch: 3 }), [...order]);
  assertEquals(draw(10, { seed: 0, epoch: 1 }), [4, 7, 1, 2, 5, 0, 8, 9, 3, 6]);
});

Deno.test("drawEpoch() with swap alone takes every row once, in each of its two forms half of the time", () => {
  const order = draw(10_000, { swap: true });
  const rows = order.map((row) => row % 10_000).sort((a, b) => a - b);
  assertEquals(rows, Array.from({ length: 10_000 }, (_, i) => i));
  const swapped = order.filter((row) => row >= 10_000).length;
  assert(Math.abs(swapped - 5000) < 300, `${swapped} of 10000`);
});

Deno.test("drawEpoch() takes as many rows as there are examples, in proportion to their weights", () => {
  const count = 10_000;
  const weights = new Uint16Array(count).fill(1);
  weights.fill(20, 0, 50);
  weights.fill(4, 50, 150);
  const times = new Uint32Array(count);
  const epochs = 100;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = draw(count, { weights, epoch, swap: true });
    assertEquals(order.length, count);
    for (const row of order) times[row % count]!++;
  }
  const mean = (from: number, to: number): number =>
    times.subarray(from, to).reduce((a, b) => a + b, 0) / (to - from) / epochs;
  const others = mean(150, count);
  assert(Math.abs(mean(0, 50) / others - 20) < 0.5, `${mean(0, 50)} / ${others}`);
  assert(Math.abs(mean(50, 150) / others - 4) < 0.1, `${mean(50, 150)} / ${others}`);
});

Deno.test("drawEpochInTurns() gives what drawEpoch() gives", async () => {
  const options = { seed: 4, epoch: 2, swap: true, weights: new Uint16Array(70_000).fill(2) };
  const order = await drawEpochInTurns(70_000, options, { now: () => 0 });
  assertEquals(order, runAtOnce(drawEpoch(70_000, options)));
});

Deno.test("limitWeights() has no effect if repeats number less than half of the examples", () => {
  const weights = [...Array(1000).fill(1), 20, 20, 4, 4, 4];
  assertEquals(limit(weights), weights);
});

Deno.test("limitWeights() divides weights by the smallest, so that equal ones become 1", () => {
  assertEquals(limit([20, 20, 20]), [1, 1, 1]);
  assertEquals(limit([1]), [1]);
  assertEquals(limit([...Array(100).fill(4), 20]), [...Array(100).fill(1), 5]);
});

Deno.test("limitWeights() keeps repeats to half of the examples, and the order of weights", () => {
  const weight = fc.integer({ min: 1, max: 1000 });
  fc.assert(fc.property(fc.array(weight, { minLength: 1, maxLength: 200 }), (weights) => {
    const limited = limit(weights);
    const repeats = limited.reduce((sum, each) => sum + each - 1, 0);
    assert(repeats <= weights.length / 2, `${repeats} of ${weights.length}`);
    assert(limited.every((each, i) => each >= 1 && each <= weights[i]!));
    const byWeight = weights.map((each, i) => [each, limited[i]!] as const)
      .sort(([a], [b]) => a - b);
    byWeight.reduce((before, [, each]) => {
      assert(each >= before);
      return each;
    }, 0);
  }));
});
