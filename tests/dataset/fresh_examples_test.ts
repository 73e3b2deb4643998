import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { openSplit } from "../../src/checkpoint/open_split.ts";
import { createDataset, type Dataset, readExample } from "../../src/dataset/dataset.ts";
import { prepareFreshExamples } from "../../src/dataset/fresh_examples.ts";
import type { Split } from "../../src/dataset/split.ts";
import type { Example } from "../../src/problem/example.ts";
import { createProblem, findKind, resolveProblem } from "../../src/problem/registry.ts";
import { runAtOnce } from "../../src/time/slices.ts";
import { layOutTexts, TINY_MODEL } from "../tiny_training.ts";

/** Makes the split of a problem with fresh examples. */
function open(given: Record<string, unknown>, weighted = true): Promise<Split> {
  const problem = resolveProblem(given);
  const model = { ...TINY_MODEL, ...findKind(problem.name).layOut!(problem, true) };
  return openSplit({ problem, model, training: { swap: false, weighted, fresh: true } });
}

function makeEpoch(split: Split, epoch: number): Dataset {
  return runAtOnce(split.fresh!(epoch));
}

function listExamples(dataset: Dataset): Example[] {
  return Array.from({ length: dataset.count }, (_, at) => readExample(dataset, at));
}

/** Names a sum, alike for all orders of its numbers. */
function nameSum({ question }: Example): string {
  return question.split("+").map(Number).sort((a, b) => a - b).join("+");
}

Deno.test("fresh examples are never held back, in any order of their numbers, and have the right answers", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ digits: fc.integer({ min: 1, max: 4 }), terms: fc.integer({ min: 2, max: 4 }) }),
      fc.record({
        seed: fc.integer({ min: 0, max: 1000 }),
        epoch: fc.integer({ min: 1, max: 50 }),
      }),
      fc.boolean(),
      async (size, { seed, epoch }, weighted) => {
        const split = await open({ name: "addition", ...size, seed, examples: 50 }, weighted);
        const fresh = makeEpoch(split, epoch);
        assertEquals(fresh.count, split.training.count);
        const held = new Set(listExamples(split.validation).map(nameSum));
        for (const example of listExamples(fresh)) {
          assert(!held.has(nameSum(example)), example.question);
          const sum = example.question.split("+").map(Number).reduce((a, b) => a + b);
          assertEquals(example.answer, String(sum));
        }
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("fresh examples are the same each time for an epoch, and others for another epoch or seed", async () => {
  const given = { name: "addition", digits: 3, examples: 300 };
  const split = await open({ ...given, seed: 1 });
  const first = listExamples(makeEpoch(split, 1));
  assertEquals(listExamples(makeEpoch(split, 1)), first);
  assertEquals(listExamples(makeEpoch(await open({ ...given, seed: 1 }), 1)), first);
  assertNotEquals(listExamples(makeEpoch(split, 2)), first);
  assertNotEquals(listExamples(makeEpoch(await open({ ...given, seed: 2 }), 1)), first);
});

Deno.test("what is held back does not depend on whether examples are fresh", async () => {
  const problem = resolveProblem({ name: "addition", digits: 3, examples: 300, seed: 1 });
  const model = { ...TINY_MODEL, ...findKind(problem.name).layOut!(problem, true) };
  const [fresh, same] = await Promise.all(
    [true, false].map((fresh) =>
      openSplit({ problem, model, training: { swap: false, weighted: true, fresh } })
    ),
  );
  assertEquals(fresh!.validation.sources, same!.validation.sources);
  assertEquals(same!.fresh, undefined);
});

Deno.test("an epoch has a fresh example once, or as often as its weight", async () => {
  const countRepeats = async (weighted: boolean): Promise<Map<number, number>> => {
    const split = await open({ name: "addition", digits: 4, examples: 20_000, seed: 1 }, weighted);
    const times = new Map<string, number>();
    for (const example of listExamples(makeEpoch(split, 1))) {
      const name = nameSum(example);
      times.set(name, (times.get(name) ?? 0) + 1);
    }
    const most = new Map<number, number>(); // by the number of digits of both numbers
    for (const [name, number] of times) {
      most.set(name.length - 1, Math.max(number, most.get(name.length - 1) ?? 0));
    }
    return most;
  };
  assertEquals(new Set((await countRepeats(false)).values()), new Set([1]));
  const most = await countRepeats(true);
  assertEquals([2, 3, 4, 5, 6, 7, 8].map((digits) => most.get(digits)), [20, 4, 1, 1, 1, 1, 1]);
});

Deno.test("an epoch repeats fresh examples if there are hardly any others", async () => {
  for (const given of [{ name: "addition", digits: 1 }, { name: "numbers", digits: 2 }]) {
    const split = await open({ ...given, seed: 1 }, false);
    assertEquals(makeEpoch(split, 1).count, split.training.count);
  }
});

Deno.test("a problem that is not arithmetic has fresh examples too", async () => {
  for (const name of ["dates", "numbers"]) {
    const split = await open({ name, examples: 200, seed: 3 }, false);
    const held = new Set(listExamples(split.validation).map(({ question }) => question));
    const fresh = listExamples(makeEpoch(split, 2));
    assertEquals(fresh.length, 180);
    assertEquals(fresh.filter(({ question }) => held.has(question)), []);
  }
});

Deno.test("a stream that ends, or has only examples that are held back, is an error", () => {
  const layout = layOutTexts(3, 2);
  const validation = createDataset([{ question: "1+1", answer: "2" }], layout);
  const make = (stream: () => Iterable<Example>): void => {
    const generated = { stream };
    const options = { generated, layout, validation, count: 2, weighted: false };
    runAtOnce(prepareFreshExamples(options)(1));
  };
  assertThrows(
    () => make(() => [{ question: "1+2", answer: "3" }]),
    RangeError,
    "there must be 2 for an epoch, but the stream ends after 1",
  );
  function* heldBack(): Generator<Example> {
    for (;;) yield { question: "1+1", answer: "2" };
  }
  assertThrows(() => make(heldBack), RangeError, "some must not be held back");
});

Deno.test("the layout of a problem has room for every fresh example", async () => {
  const problem = resolveProblem({ name: "mixed", digits: 2, terms: 3, examples: 500, seed: 1 });
  const layout = findKind("mixed").layOut!(problem, true);
  assert(createProblem(problem, layout).generated !== undefined);
  const split = await open(problem, false);
  assertEquals(makeEpoch(split, 3).count, 450);
});
