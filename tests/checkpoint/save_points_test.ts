import { assertEquals } from "@std/assert";
import { createSavePoints } from "../../src/checkpoint/save_points.ts";
import type { StepEvent, TrainingEvent } from "../../src/training/events.ts";

function step(number: number): StepEvent {
  const figures = { loss: 1, characterAccuracy: 0, learningRate: 1 };
  return { event: "step", epoch: 1, step: number, steps: 100, ...figures };
}

const EPOCH: TrainingEvent = {
  ...{ event: "epoch", epoch: 1, step: 1, loss: 1, validationLoss: 1, elapsedMs: 1, best: true },
  ...{ characterAccuracy: 0, exactMatch: 0 },
};

Deno.test("save points are due after every N steps, or never for 0", () => {
  const due = (steps: number): number[] => {
    const points = createSavePoints({ steps }, () => 0);
    return [1, 2, 3, 4, 5, 6].filter((number) => points.isDue(step(number)));
  };
  assertEquals(due(3), [3, 6]);
  assertEquals(due(0), []);
});

Deno.test("save points are due when the time since the end of the last save is over", () => {
  let now = 5;
  const points = createSavePoints({ ms: 100 }, () => now);
  now = 104;
  assertEquals(points.isDue(step(1)), false);
  now = 105;
  assertEquals(points.isDue(step(2)), true);
  assertEquals(points.isDue(step(3)), true, "not saved yet");
  now = 190; // the save took long
  points.saved();
  now = 289;
  assertEquals(points.isDue(step(4)), false);
  now = 290;
  assertEquals(points.isDue(step(5)), true);
});

Deno.test("save points are due after an epoch and an interruption, for all intervals", () => {
  for (const interval of [{ steps: 0 }, { ms: 1e9 }]) {
    const points = createSavePoints(interval, () => 0);
    const end = { event: "end", epochs: 1, exactMatch: 0 } as const;
    assertEquals(points.isDue(EPOCH), true);
    assertEquals(points.isDue({ ...end, reason: "interrupted" }), true);
    assertEquals(points.isDue({ ...end, reason: "epochs" }), false, "its epoch was saved");
  }
});
