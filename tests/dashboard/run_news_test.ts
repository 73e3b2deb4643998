import { assert, assertEquals } from "@std/assert";
import type { StartEvent } from "../../src/checkpoint/run_events.ts";
import { createRunHistory } from "../../src/dashboard/run_news.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";
import { TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";

const START: StartEvent = {
  event: "start",
  runId: "a-run",
  run: "runs/a",
  backend: { name: "cpu", reason: "as asked" },
  problem: TINY_PROBLEM,
  model: TINY_MODEL,
  training: resolveTraining(TINY_OPTIONS),
  parameters: 1324,
  trainingExamples: 50,
  validationExamples: 5,
  step: 0,
};

const step = (number: number) => ({
  event: "step" as const,
  epoch: 1,
  step: number,
  steps: 28,
  loss: 2 / number,
  characterAccuracy: 0.25,
  learningRate: 0.001,
});

Deno.test("since() gives everything at first, then only what is new, then nothing", () => {
  const history = createRunHistory("runs/a", () => 0);
  history.record(START);
  history.record(step(1));
  const first = history.since(undefined)!;
  assertEquals([first.update.reset, first.update.name], [true, "a"]);
  assertEquals(first.update.start!.run, "runs/a");
  assertEquals(first.update.steps!.step, [1]);
  assertEquals(history.since(first.cursor), undefined);
  history.record(step(2));
  history.record(step(3));
  const second = history.since(first.cursor)!;
  assertEquals(second.update.steps!.step, [2, 3]);
  assertEquals([second.update.reset, second.update.start], [undefined, undefined]);
  assertEquals(second.update.status.step, 3);
});

Deno.test("readers that come at different times are told the same in the end", () => {
  const history = createRunHistory("runs/a", () => 0);
  history.record(START);
  const told: number[][] = [[], []];
  const cursors: (ReturnType<typeof history.since>)[] = [undefined, undefined];
  for (let number = 1; number <= 28; number++) {
    history.record(step(number));
    for (const reader of [0, 1]) {
      if (reader === 1 && number % 7 !== 0) continue; // the slow one
      const news = history.since(cursors[reader]?.cursor)!;
      told[reader]!.push(...news.update.steps!.step);
      cursors[reader] = news;
    }
  }
  assertEquals(told[0], told[1]);
  assertEquals(told[0]!.length, 28);
});

Deno.test("clear() makes every reader begin again", () => {
  const history = createRunHistory("runs/a", () => 0);
  history.record(START);
  history.record(step(1));
  const { cursor } = history.since(undefined)!;
  history.clear();
  history.record(START);
  const { update } = history.since(cursor)!;
  assertEquals([update.reset, update.steps, update.start?.run], [true, undefined, "runs/a"]);
});

Deno.test("the status says how fast it goes and how much is left, from steps of this process alone", () => {
  let now = 0;
  const history = createRunHistory("runs/a", () => now);
  history.record(START, "past");
  for (let number = 1; number <= 8; number++) history.record(step(number), "past");
  assertEquals(history.since(undefined)!.update.status.leftMs, null);
  for (let number = 9; number <= 18; number++) {
    now += 300;
    history.record(step(number));
  }
  const { examplesPerSecond, leftMs, state } = history.since(undefined)!.update.status;
  assertEquals(state, "training");
  assertEquals(Math.round(examplesPerSecond!), Math.round(8 / 0.3));
  assertEquals(Math.round(leftMs!), 3000);
});

Deno.test("a silent run is training again with its next event, and an ended one is not silent", () => {
  const history = createRunHistory("runs/a", () => 0);
  const state = () => history.since(undefined)!.update.status.state;
  history.record(START);
  history.suspectSilence();
  assertEquals(state(), "silent");
  history.record(step(1));
  assertEquals(state(), "training");
  const end = { event: "end" as const, epochs: 1, exactMatch: 1, checkpoint: "x" };
  history.record({ ...end, reason: "epochs" });
  history.suspectSilence();
  assertEquals(state(), "ended");
  history.record({ ...end, reason: "nonFiniteLoss" });
  assertEquals(state(), "failed");
  const news = history.since(undefined)!;
  history.suspectSilence();
  assert(history.since(news.cursor) === undefined);
});
