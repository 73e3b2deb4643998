import { assertEquals } from "@std/assert";
import { describeStart } from "../../src/dashboard/page/settings.ts";
import type { RunStart } from "../../src/dashboard/protocol.ts";
import type { Decoder } from "../../src/network/config.ts";
import { TRAINING_SETTINGS } from "../../src/training/options.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";

/** Lists the titles of the training options that the page shows of a model with some decoder. */
function titlesOf(decoder: Decoder): string[] {
  const start: RunStart = {
    ...{ run: "run", runId: "run", backend: { name: "cpu", reason: "asked for" } },
    ...{ problem: TINY_PROBLEM, model: { ...TINY_MODEL, decoder } },
    training: resolveTraining({ epochs: 1 }),
    ...{ parameters: 1000, trainingExamples: 50, validationExamples: 5 },
  };
  const [, facts] = describeStart(start).find(([title]) => title === "Training")!;
  return facts.map(([title]) => title);
}

Deno.test("the page lists the options of a training in the order of their table", () => {
  const all = Object.values(TRAINING_SETTINGS).map(({ title }) => title);
  const titles = titlesOf("attention");
  assertEquals(titles, all.filter((title) => titles.includes(title)));
});

Deno.test("the page leaves dropout out where the decoder has none", () => {
  const { title } = TRAINING_SETTINGS.dropout;
  assertEquals(titlesOf("attention").includes(title), true);
  assertEquals(titlesOf("repeat").includes(title), false);
});
