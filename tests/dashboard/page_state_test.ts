import { assert, assertEquals } from "@std/assert";
import type { RunStatus, RunUpdate } from "../../src/dashboard/protocol.ts";
import { gatherChart, mergeSorted, valueAt } from "../../src/dashboard/page/curve_data.ts";
import { createEventParser } from "../../src/dashboard/page/event_stream.ts";
import { applyUpdate, createState, forgetRuns } from "../../src/dashboard/page/state.ts";

const STATUS: RunStatus = {
  state: "training",
  reason: null,
  step: 0,
  steps: 40,
  examplesPerSecond: null,
  leftMs: null,
};

function steps(from: number, to: number): NonNullable<RunUpdate["steps"]> {
  const step = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return {
    step,
    loss: step.map((n) => 1 / n),
    characterAccuracy: step.map((n) => n / 100),
    learningRate: step.map(() => 0.01),
  };
}

function epoch(number: number, step: number): NonNullable<RunUpdate["epochs"]>[number] {
  return {
    epoch: number,
    step,
    loss: 1,
    validationLoss: 1 / number,
    characterAccuracy: 0.5,
    exactMatch: 0.25,
    elapsedMs: 10,
    best: true,
  };
}

Deno.test("applyUpdate() adds to what was told, and begins anew with a reset", () => {
  const state = createState();
  applyUpdate(state, { run: 0, name: "a", reset: true, steps: steps(1, 10), status: STATUS });
  applyUpdate(state, { run: 0, name: "a", steps: steps(11, 20), status: { ...STATUS, step: 20 } });
  const before = state.runs.get(0)!;
  assertEquals(before.steps.step.length, 20);
  assertEquals(before.status.step, 20);
  applyUpdate(state, { run: 0, name: "a", reset: true, steps: steps(1, 3), status: STATUS });
  const after = state.runs.get(0)!;
  assertEquals(after.steps.step, [1, 2, 3]);
  assert(after.generation !== before.generation);
});

Deno.test("applyUpdate() keeps runs apart, and forgetRuns() forgets them all", () => {
  const state = createState();
  applyUpdate(state, { run: 0, name: "a", reset: true, steps: steps(1, 2), status: STATUS });
  applyUpdate(state, { run: 1, name: "b", reset: true, steps: steps(1, 5), status: STATUS });
  assertEquals([...state.runs.values()].map(({ steps }) => steps.step.length), [2, 5]);
  forgetRuns(state);
  assertEquals(state.runs.size, 0);
});

Deno.test("applyUpdate() takes 200,000 steps at once", () => {
  const state = createState();
  applyUpdate(state, { run: 0, name: "a", reset: true, steps: steps(1, 200_000), status: STATUS });
  assertEquals(state.runs.get(0)!.steps.loss.length, 200_000);
});

Deno.test("gatherChart() puts steps and epochs of several runs on one axis and loses no point", () => {
  const state = createState();
  const first = { steps: steps(1, 20), epochs: [epoch(1, 10), epoch(2, 20)] };
  const second = { steps: steps(1, 30), epochs: [epoch(1, 15), epoch(2, 33)] };
  applyUpdate(state, { run: 0, name: "a", reset: true, ...first, status: STATUS });
  applyUpdate(state, { run: 1, name: "b", reset: true, ...second, status: STATUS });
  const content = { step: "loss", epoch: "validationLoss" } as const;
  const { lines, columns: [axis, ...columns] } = gatherChart(
    [...state.runs.values()],
    content,
    "step",
  );
  assertEquals(axis, [0, ...steps(1, 30).step, 33]);
  assertEquals(lines.map(({ points }) => points), [20, 2, 30, 2]);
  assertEquals(lines.map(({ end }) => end), [20, 20, 33, 33]);
  assertEquals(
    columns.map((column) => column.filter((y) => y !== null).length),
    [20, 2, 30, 2],
  );
  assertEquals(columns[3]![axis.indexOf(33)], 0.5);
});

Deno.test("mergeSorted() gives every value once, in order", () => {
  assertEquals(mergeSorted([1, 3, 5], [2, 3, 6, 7]), [1, 2, 3, 5, 6, 7]);
  assertEquals(mergeSorted([], [2]), [2]);
});

Deno.test("valueAt() gives the last point at or before a place", () => {
  assertEquals(valueAt([null, 1, null, 2], 2), 1);
  assertEquals(valueAt([null, 1, null, 2], 9), 2);
  assertEquals(valueAt([null, 1], 0), undefined);
});

Deno.test("createEventParser() reads events however the stream is cut, with any line end", () => {
  const text = ": hello\r\nevent: update\ndata: {\ndata: }\n\ndata:x\r\r" +
    "id: 1\n\nevent: y\ndata: é\n\n";
  const whole = createEventParser()(text);
  assertEquals(whole, [
    { event: "update", data: "{\n}" },
    { event: "message", data: "x" },
    { event: "y", data: "é" },
  ]);
  for (let at = 1; at < text.length; at++) {
    const parse = createEventParser();
    assertEquals([...parse(text.slice(0, at)), ...parse(text.slice(at))], whole, `cut at ${at}`);
  }
});
