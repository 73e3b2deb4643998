import { assert, assertEquals, assertThrows } from "@std/assert";
import { resolvePairs } from "../../src/problem/pairs/resolve_pairs.ts";
import type { Problem } from "../../src/problem/problem.ts";
import { createProblem, findKind, resolveProblem } from "../../src/problem/registry.ts";
import { chooseTraining } from "../../src/training/choose_training.ts";
import type { TrainingOptions } from "../../src/training/options.ts";
import { findRecipe, sizeOf, type TrainingTask } from "../../src/training/recipes.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";

const SHAPE = { cell: "lstm", layers: 1, hiddenSize: 128 } as const;

function make(given: Record<string, unknown>): Problem {
  const settings = resolveProblem(given);
  return createProblem(settings, findKind(settings.name).layOut!(settings, true));
}

function choose(
  given: Partial<TrainingOptions>,
  { problem = make({ name: "addition" }), examples = 45_000 }: {
    problem?: Problem;
    examples?: number;
  } = {},
): TrainingOptions {
  return chooseTraining(given, {
    ...{ problem, examples },
    model: SHAPE,
  });
}

Deno.test("three digits are the recipe fast itself, with fresh and weighted sums", () => {
  assertEquals(choose({}), { ...resolveTraining({}), weighted: true, fresh: true });
});

Deno.test("a recipe follows the digits, and takes as many examples whatever the length of an epoch", () => {
  const practised = (digits: number, examples: number): number =>
    choose({}, { problem: make({ name: "addition", digits }), examples }).epochs * examples;
  assertEquals(practised(2, 4545), 20 * 4545);
  assertEquals([3, 4, 5].map((digits) => practised(digits, 45_000)), [180_000, 405_000, 810_000]);
  const subtraction = make({ name: "subtraction" });
  assertEquals(choose({}, { problem: subtraction }).epochs, 8); // twice as many as additions
  assertEquals(practised(4, 405_000), 405_000);
  assertEquals(practised(4, 5_000_000), 5_000_000); // at least one pass
  assertEquals(practised(3, 900), 40 * 900); // no more than 40
  const rates = [3, 4, 5].map((digits) =>
    choose({}, { problem: make({ name: "addition", digits }) }).learningRate
  );
  assertEquals(rates, [...rates].sort().reverse());
});

Deno.test("few pairs are taken in smaller batches and more epochs, so that there are 2,000 steps", () => {
  const { generated: _, ...problem } = make({ name: "dates" });
  const pairs = { ...problem, settings: resolvePairs({}) };
  const plan = (examples: number, given: Partial<TrainingOptions> = {}): number[] => {
    const { batchSize, epochs } = choose(given, { problem: pairs, examples });
    return [batchSize, epochs];
  };
  assertEquals(plan(100_000), [64, 5]);
  assertEquals(plan(4_500_000), [64, 1]);
  assertEquals(plan(3200), [64, 40]);
  assertEquals(plan(900), [16, 40]);
  assertEquals(plan(225), [8, 69]);
  assertEquals(plan(9), [8, 100]);
  assertEquals(plan(225, { batchSize: 64 }), [64, 100]);
  assertEquals(plan(225, { epochs: 3 }), [8, 3]);
});

Deno.test("options that are given are kept, and undefined means the default", () => {
  const given = { epochs: 7, batchSize: 3, learningRate: 0.5, weighted: false, seed: 9 };
  const chosen = choose({ ...given, warmup: undefined } as unknown as Partial<TrainingOptions>);
  assertEquals({ ...chosen, ...given }, chosen);
  assertEquals(chosen.warmup, 0.2);
});

Deno.test("examples are fresh or swapped, as given or else as the recipe has them", () => {
  const order = (given: Partial<TrainingOptions>, problem?: Problem): boolean[] => {
    const { fresh, swap, weighted } = choose(given, { ...(problem && { problem }) });
    return [fresh, swap, weighted];
  };
  assertEquals(order({}), [true, false, true]);
  assertEquals(order({ fresh: false }), [false, true, true]);
  assertEquals(order({ swap: true }), [false, true, true]);
  assertEquals(order({}, make({ name: "addition", digits: 2 })), [false, true, true]);
  assertEquals(order({}, make({ name: "dates" })), [true, false, false]);
  assertEquals(order({ fresh: false }, make({ name: "dates" })), [false, false, false]);
  const { generated: _, ...pairs } = make({ name: "dates" });
  assertEquals(order({}, pairs), [false, false, false]);
  assertThrows(() => order({ fresh: true, swap: true }), RangeError, "swap must be false");
});

Deno.test("the recipe notebook is the same for every task", () => {
  const given = { recipe: "notebook", seed: 3 } as const;
  for (const digits of [1, 2, 3, 9]) {
    const problem = make({ name: "addition", digits });
    assertEquals(choose(given, { problem }), resolveTraining(given));
  }
});

Deno.test("a model that learns more slowly gets a lower rate or more epochs, unless they are given", () => {
  const model = { cell: "lstm", layers: 1, hiddenSize: 128 } as const;
  const choice = (changed: Partial<TrainingTask["model"]>, given = {}): number[] => {
    const task = { problem: make({ name: "addition" }), examples: 45_000 };
    const { epochs, learningRate } = chooseTraining(given, {
      ...task,
      model: { ...model, ...changed },
    });
    return [epochs, learningRate];
  };
  assertEquals(choice({}), [4, 0.024]);
  assertEquals(choice({ hiddenSize: 512 }), [4, 0.024]);
  assertEquals(choice({ hiddenSize: 64 }), [8, 0.024]);
  assertEquals(choice({ hiddenSize: 8 }), [16, 0.024]); // four times as many at most
  assertEquals(choice({ cell: "gru" }), [6, 0.024 * 2 / 3]);
  assertEquals(choice({ cell: "simple" }), [8, 0.024 * 0.2]);
  assertEquals(choice({ layers: 2 }), [8, 0.024 * 0.4]);
  const given = { epochs: 3, learningRate: 0.02 };
  assertEquals(choice({ cell: "simple", layers: 3, hiddenSize: 16 }, given), [3, 0.02]);
});

Deno.test("the size of a calculation is that of two decimal numbers with as many questions", () => {
  const digits = (given: Record<string, unknown>): number => sizeOf(make(given)).digits;
  assertEquals(digits({ name: "addition", digits: 3 }), 3);
  assertEquals(digits({ name: "subtraction", digits: 4 }), 4);
  assertEquals(digits({ name: "addition", digits: 2, terms: 3 }), 3);
  assertEquals(digits({ name: "addition", digits: 8, base: 2 }), 3);
  assertEquals(digits({ name: "numbers", digits: 5 }), 0);
  assertEquals(digits({ name: "dates" }), 0);
});

Deno.test("every kind and size of task has a recipe whose options can be used", () => {
  const problems = [
    ...[1, 2, 3, 4, 5, 6, 9].map((digits) => make({ name: "addition", digits })),
    ...["subtraction", "multiplication", "mixed", "dates", "numbers"].map((name) => make({ name })),
  ];
  for (const problem of problems) {
    const { worst, options } = findRecipe({ problem, model: SHAPE, examples: 45_000 });
    assert(worst === undefined || worst >= 99, problem.title);
    assertEquals(resolveTraining(options).recipe, "fast");
    assert(choose({}, { problem }).epochs >= 1);
  }
});

Deno.test("chooseTraining() refuses what the problem cannot do, with every recipe", () => {
  const { generated: _, ...dates } = make({ name: "dates" });
  const cases: readonly (readonly [Partial<TrainingOptions>, Problem])[] = [
    [{ fresh: true }, { ...dates, settings: resolvePairs({}) }],
    [{ swap: true }, { ...dates, settings: resolvePairs({}) }],
    [{ weighted: true }, { ...dates, settings: resolvePairs({}) }],
    [{ swap: true }, make({ name: "dates" })],
    [{ weighted: true }, make({ name: "numbers" })],
    [{ swap: true }, make({ name: "subtraction" })],
  ];
  for (const [given, problem] of cases) {
    const [option] = Object.keys(given);
    for (const recipe of ["fast", "notebook"] as const) {
      assertThrows(
        () => choose({ ...given, recipe }, { problem }),
        RangeError,
        `${option} must be false with the problem ${problem.settings.name}, which`,
      );
    }
  }
  assert(choose({ swap: true }, { problem: make({ name: "mixed" }) }).swap);
});
