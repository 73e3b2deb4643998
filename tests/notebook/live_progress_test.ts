import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createLiveProgress, type DisplayFunction, type MediaBundle } from "../../notebook.ts";
import type { FitEvent } from "../../mod.ts";

interface Shown {
  readonly content: MediaBundle;
  readonly update: boolean;
  readonly id: string;
}

/** A notebook that notes what it is given. */
function makeNotebook(): { readonly shown: Shown[]; readonly display: DisplayFunction } {
  const shown: Shown[] = [];
  return {
    shown,
    display(content, { update, display_id: id }): Promise<void> {
      shown.push({ content: content as MediaBundle, update, id });
      return Promise.resolve();
    },
  };
}

function makeStep(step: number): FitEvent {
  return {
    ...{ event: "step", epoch: 1, step, steps: 100 },
    ...{ loss: 1, characterAccuracy: 0.5, learningRate: 0.1 },
  };
}

const EPOCH: FitEvent = {
  ...{ event: "epoch", epoch: 1, step: 50, best: true, elapsedMs: 5000 },
  ...{ loss: 0.5, validationLoss: 0.4, characterAccuracy: 0.9, exactMatch: 0.7 },
};

Deno.test("a training is shown once, and then brought up to date", async () => {
  const { shown, display } = makeNotebook();
  const { take } = createLiveProgress(display, { everyMs: 0, now: () => 7 });
  for (const event of [makeStep(1), makeStep(2), EPOCH]) await take(event);
  assertEquals(shown.map(({ update }) => update), [false, true, true]);
  assertEquals(new Set(shown.map(({ id }) => id)).size, 1);
});

Deno.test("steps are shown as often as wanted, epochs and the end always", async () => {
  const { shown, display } = makeNotebook();
  let time = 0;
  const { take } = createLiveProgress(display, { everyMs: 100, now: () => time });
  for (let step = 1; step <= 10; step++) {
    time += 30;
    await take(makeStep(step));
  }
  assertEquals(shown.length, 3);
  await take(EPOCH);
  await take({ event: "end", reason: "epochs", epochs: 1, exactMatch: 0.7 });
  assertEquals(shown.length, 5);
});

Deno.test("it shows the steps, the time that is left, the curves and the marks of samples", async () => {
  const { shown, display } = makeNotebook();
  let time = 0;
  const { take } = createLiveProgress(display, { everyMs: 0, now: () => time });
  time = 20_000;
  await take(makeStep(50));
  assertStringIncludes(
    shown.at(-1)!.content["text/plain"],
    "step 50 of 100 · 20 s · about 20 s left",
  );
  await take(EPOCH);
  assertStringIncludes(shown.at(-1)!.content["text/html"]!, "<svg ");
  const sample = { probability: 0.5, characterProbabilities: [0.5] };
  await take({
    ...{ event: "samples", epoch: 1 },
    samples: [
      { ...sample, question: "1+1", target: "2", guess: "2" },
      { ...sample, question: "<b>", target: "3", guess: "4" },
    ],
  });
  const { content } = shown.at(-1)!;
  assertStringIncludes(content["text/plain"], "Q 1+1  T 2  ☑ 2\nQ <b>  T 3  ☒ 4");
  assert(!content["text/html"]!.includes("<b>"), "a question became an element");
  await take({ event: "end", reason: "patience", epochs: 1, exactMatch: 0.7 });
  assertStringIncludes(shown.at(-1)!.content["text/plain"], "no epoch was better for a while");
});

Deno.test("the bar is full at an end, but not when the training was interrupted", async () => {
  const { shown, display } = makeNotebook();
  const { take } = createLiveProgress(display, { now: () => 0 });
  await take(makeStep(25));
  const end = { event: "end", epochs: 1, exactMatch: 0.7 } as const;
  await take({ ...end, reason: "interrupted" });
  assertStringIncludes(shown.at(-1)!.content["text/html"]!, "width:25.0%");
  await take({ ...end, reason: "stopAt" });
  assertStringIncludes(shown.at(-1)!.content["text/html"]!, "width:100.0%");
});
