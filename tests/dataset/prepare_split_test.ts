import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createDataset } from "../../src/dataset/dataset.ts";
import {
  checkCanSplit,
  countTrainingSplit,
  prepareSplit,
  type SplitRecipe,
} from "../../src/dataset/prepare_split.ts";
import { createProblem } from "../../src/problem/registry.ts";
import { splitDataset } from "../../src/dataset/split.ts";
import {
  type AdditionSettings,
  generateAddition,
  layOutAddition,
  resolveAddition,
} from "../../src/problem/addition.ts";

const problem = resolveAddition({ digits: 3, examples: 30_000, seed: 4 });

/** Options with which an epoch takes each question once, not swapped. */
function plain(problem: AdditionSettings): SplitRecipe {
  const layout = layOutAddition(problem, true);
  const { generated } = createProblem(problem, layout);
  return {
    ...{ generated: generated!, layout, seed: problem.seed },
    training: { swap: false, weighted: false },
  };
}

Deno.test("prepareSplit() equals generating, encoding and splitting one after the other", async () => {
  const layout = layOutAddition(problem, true);
  const expected = splitDataset(createDataset(generateAddition(problem), layout), { seed: 4 });
  const { training, validation } = await prepareSplit(plain(problem));
  assertEquals(training.sources, expected.training.sources);
  assertEquals(training.targets, expected.training.targets);
  assertEquals(validation.sources, expected.validation.sources);
  assertEquals(validation.targets, expected.validation.targets);
});

Deno.test("prepareSplit() reports its progress in questions", async () => {
  const seen: number[] = [];
  await prepareSplit(plain(problem), {
    onProgress: (made, of) => {
      assertEquals(of, 30_000);
      seen.push(made);
    },
  });
  assertEquals(seen, seen.toSorted((a, b) => a - b));
  assert(seen.length > 5 && seen[0]! < 10_000, seen.join());
  assertEquals(seen.at(-1), 30_000);
});

Deno.test("prepareSplit() lets timers run meanwhile, and throws the signal's reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  let made = 0;
  let now = 0;
  const aborting = setInterval(() => made > 0 && controller.abort(reason), 0);
  const error = await assertRejects(() =>
    prepareSplit(plain(problem), {
      signal: controller.signal,
      onProgress: (done) => made = done,
      now: () => now += 60,
    })
  );
  clearInterval(aborting);
  assertEquals(error, reason);
  assert(made < 30_000, `${made} were made`);
});

Deno.test("countTrainingSplit() and checkCanSplit() predict what prepareSplit() does", async () => {
  for (let examples = 1; examples <= 25; examples++) {
    const problem = resolveAddition({ digits: 1, examples });
    if (examples < 10) {
      assertThrows(() => checkCanSplit(examples), RangeError, "at least 10 are needed");
      await assertRejects(() => prepareSplit(plain(problem)), RangeError, "at least 10 are needed");
      continue;
    }
    checkCanSplit(examples);
    assertEquals((await prepareSplit(plain(problem))).training.count, countTrainingSplit(examples));
  }
});
