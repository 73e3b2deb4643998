import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Axis,
  createEpochAxis,
  createLossAxis,
  createShareAxis,
} from "../../src/plot/axis.ts";

const EPSILON = 1e-12;

function labelsOf({ ticks }: Axis): string[] {
  return ticks.map(({ label }) => label);
}

Deno.test("createLossAxis() begins at 0 if losses span less than a decade", () => {
  const axis = createLossAxis([0.9, 1.23, 0.6]);
  assertEquals(labelsOf(axis), ["0", "0.5", "1", "1.5"]);
  assertEquals([axis.place(0), axis.place(0.75), axis.place(1.5)], [0, 0.5, 1]);
  assertEquals([axis.logarithmic, axis.ends], [false, ["0", "1.5"]]);
});

Deno.test("createLossAxis() is logarithmic from a decade on, between 1, 2 and 5 times powers of ten", () => {
  const axis = createLossAxis([1.6, 0.16]);
  assertEquals(labelsOf(axis), ["0.1", "0.2", "0.5", "1", "2"]);
  assertEquals([axis.logarithmic, axis.ends], [true, ["0.1", "2"]]);
  assertEquals([axis.place(0.1), axis.place(2)], [0, 1]);
  assert(Math.abs(axis.place(Math.sqrt(0.2)) - 0.5) < EPSILON);
});

Deno.test("createLossAxis() labels only powers of ten if 2 and 5 would give too many labels", () => {
  const axis = createLossAxis([3, 0.0004]);
  assertEquals(labelsOf(axis), ["0.001", "0.01", "0.1", "1"]);
  assertEquals(axis.ends, ["0.0002", "5"]);
  assertEquals(axis.minor.length, 10);
});

Deno.test("createLossAxis() labels every second or later power of ten if there are many", () => {
  assertEquals(labelsOf(createLossAxis([1e38, 1e-300])).slice(0, 3), [
    "1e-300",
    "1e-250",
    "1e-200",
  ]);
});

Deno.test("createLossAxis() puts a loss of 0 at the lower end", () => {
  const axis = createLossAxis([0, 1, 0.001]);
  assertEquals([axis.place(0), axis.place(0.001), axis.place(1)], [0, 0, 1]);
  assertEquals(labelsOf(createLossAxis([0, 0])), ["0", "0.2"]);
});

Deno.test("createLossAxis() holds all losses, and labels two to eight values in order", () => {
  const loss = fc.oneof(
    fc.double({ min: 0, max: 5, noNaN: true }),
    fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(loss, { minLength: 1, maxLength: 20 }), (losses) => {
      const axis = createLossAxis(losses);
      for (const loss of losses) {
        const at = axis.place(loss);
        assert(at >= 0 && at <= 1 + EPSILON, `${loss} is at ${at}`);
      }
      const sorted = losses.toSorted((a, b) => a - b).map(axis.place);
      sorted.forEach((at, i) => assert(i === 0 || at >= sorted[i - 1]!));
      checkTicks(axis, 2, 8);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

Deno.test("createEpochAxis() labels the first epoch and round ones, at most eight", () => {
  assertEquals(labelsOf(createEpochAxis(1)), ["1"]);
  assertEquals(labelsOf(createEpochAxis(5)), ["1", "2", "3", "4", "5"]);
  assertEquals(labelsOf(createEpochAxis(20)), ["1", "5", "10", "15", "20"]);
  assertEquals(labelsOf(createEpochAxis(99)), ["1", "20", "40", "60", "80"]);
  assertEquals(labelsOf(createEpochAxis(500)), ["1", "100", "200", "300", "400", "500"]);
  for (let last = 1; last <= 2000; last++) {
    const axis = createEpochAxis(last);
    checkTicks(axis, Math.min(last, 3), 8);
    assertEquals([axis.place(1), axis.place(last)], last === 1 ? [0.5, 0.5] : [0, 1]);
  }
});

Deno.test("createShareAxis() spans 0 to 100 %", () => {
  const axis = createShareAxis();
  assertEquals(labelsOf(axis), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]);
  assertEquals(axis.place(0.25), 0.25);
});

function checkTicks({ ticks }: Axis, least: number, most: number): void {
  assert(ticks.length >= least && ticks.length <= most, `${ticks.length} values are named`);
  ticks.forEach(({ at }, i) => {
    assert(at >= -EPSILON && at <= 1 + EPSILON);
    if (i > 0) assert(at > ticks[i - 1]!.at);
  });
  assertEquals(new Set(ticks.map(({ label }) => label)).size, ticks.length);
}
