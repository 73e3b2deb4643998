import { assert, assertEquals } from "@std/assert";
import { createProblem, resolveProblem } from "../../src/problem/registry.ts";
import { chooseModel } from "../../src/training/choose_model.ts";
import { chooseTraining } from "../../src/training/choose_training.ts";
import type { TrainingOptions } from "../../src/training/options.ts";
import { layOutTexts } from "../tiny_training.ts";

const SETTINGS = resolveProblem({ name: "pairs" });
const COUNTS = [1, 10, 225, 900, 3240, 6300, 16_700, 46_700, 121_000, 1_000_000, 10_000_000];

function choose(examples: number, given: Partial<TrainingOptions> = {}): TrainingOptions {
  const problem = createProblem(SETTINGS, layOutTexts(7, 4));
  const model = chooseModel({}, { problem: SETTINGS, examples });
  return chooseTraining(given, { problem, model, examples });
}

Deno.test("every number of pairs has a model and a training that can be used", () => {
  for (const examples of COUNTS) {
    const { hiddenSize, embeddingSize } = chooseModel({}, { problem: SETTINGS, examples });
    assert(hiddenSize >= 64 && hiddenSize <= 512 && embeddingSize <= hiddenSize, `${examples}`);
    const { dropout, labelSmoothing, fresh, swap, weighted } = choose(examples);
    assert(dropout >= 0 && dropout < 0.5 && labelSmoothing < 0.2);
    assertEquals([fresh, swap, weighted], [false, false, false]);
  }
});

Deno.test("more pairs are taken in fewer epochs, and in no fewer steps from some hundreds of them on", () => {
  const plans = COUNTS.map((examples) => {
    const { epochs, batchSize } = choose(examples);
    return { epochs, steps: epochs * Math.ceil(examples / batchSize) };
  });
  const epochs = plans.map((plan) => plan.epochs);
  assertEquals(epochs, epochs.toSorted((a, b) => b - a));
  assert(plans.slice(2).every(({ steps }) => steps >= 2500), JSON.stringify(plans));
  assertEquals([epochs[0], epochs.at(-1)], [100, 1]);
});

Deno.test("what is given of a training of pairs is kept", () => {
  const given = {
    dropout: 0,
    labelSmoothing: 0,
    epochs: 3,
    batchSize: 5,
    schedule: "flat",
  } as const;
  const { dropout, labelSmoothing, epochs, batchSize, schedule } = choose(3240, given);
  assertEquals({ dropout, labelSmoothing, epochs, batchSize, schedule }, given);
});
