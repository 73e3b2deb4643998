import { assert, assertEquals, assertThrows } from "@std/assert";
import { createDataset, type Dataset, readExample } from "../../src/dataset/dataset.ts";
import { drawEpoch } from "../../src/dataset/order.ts";
import { prepareSplit } from "../../src/dataset/prepare_split.ts";
import { type Split, splitDataset } from "../../src/dataset/split.ts";
import {
  additionGroup,
  type AdditionOptions,
  generateAddition,
  layOutAddition,
  practiseAddition,
  resolveAddition,
} from "../../src/problem/addition.ts";
import { createProblem } from "../../src/problem/registry.ts";
import { runAtOnce } from "../../src/time/slices.ts";

const PRACTICE = { swap: true, weighted: true };

function prepare(options: AdditionOptions, training = PRACTICE): Promise<Split> {
  const problem = resolveAddition(options);
  const layout = layOutAddition(problem, true);
  const { generated } = createProblem(problem, layout);
  return prepareSplit({ generated: generated!, layout, seed: problem.seed, training });
}

/** Gives the names of the unordered pairs of a dataset's sums. */
function pairsOf(dataset: Dataset, rows: Iterable<number>): Set<string> {
  const pairs = new Set<string>();
  for (const row of rows) pairs.add(additionGroup(readExample(dataset, row).question));
  return pairs;
}

function countShort(dataset: Dataset): number {
  return Array.from(
    { length: dataset.count },
    (_, row) => readExample(dataset, row).question,
  )
    .filter((question) => question.length === "1+1".length).length;
}

Deno.test("no question that is held back is trained on, in either order of its numbers", async () => {
  const problems: AdditionOptions[] = [
    { digits: 1 },
    { digits: 2, examples: 5000 },
    { digits: 3, examples: 20_000, seed: 3 },
    { digits: 3, examples: 2000 },
    { digits: 4, examples: 3000, sampler: "uniform" },
  ];
  for (const options of problems) {
    const { training, withSwapped, weights, validation } = await prepare(options);
    const held = pairsOf(validation, Array(validation.count).keys());
    assertEquals(held.size, validation.count);
    const trained = new Set<string>();
    for (let epoch = 1; epoch <= 4; epoch++) {
      const order = runAtOnce(drawEpoch(training.count, { seed: 1, epoch, weights, swap: true }));
      assertEquals(order.length, training.count);
      pairsOf(withSwapped!, order).forEach((pair) => trained.add(pair));
    }
    assert(trained.size > 0.9 * training.count, `${trained.size} of ${training.count}`);
    for (const pair of trained) assert(!held.has(pair), `${JSON.stringify(options)}: ${pair}`);
  }
});

Deno.test("none of the 55 sums of two one-digit numbers is held back, but as many questions as without weights", async () => {
  for (const options of [{ seed: 5 }, { digits: 2, examples: 5000 }, { digits: 4 }]) {
    const { training, validation } = await prepare(options);
    const plain = await prepare(options, { swap: false, weighted: false });
    assertEquals([training.count, validation.count], [
      plain.training.count,
      plain.validation.count,
    ]);
    assertEquals([countShort(training), countShort(validation)], [55, 0]);
  }
  assert(countShort((await prepare({ seed: 5 }, { swap: true, weighted: false })).validation) > 0);
});

Deno.test("swap does not change which questions are held back", async () => {
  const options = { digits: 2, examples: 1000 };
  for (const weighted of [true, false]) {
    const { validation: { sources, targets } } = await prepare(options, { swap: true, weighted });
    const { validation: plain } = await prepare(options, { swap: false, weighted });
    assertEquals([sources, targets], [plain.sources, plain.targets]);
  }
});

Deno.test("a problem of one digit holds back as many questions as without weights", async () => {
  const plain = await prepare({ digits: 1 }, { swap: false, weighted: false });
  const { training, validation, weights } = await prepare({ digits: 1 });
  assertEquals(training.sources, plain.training.sources);
  assertEquals(validation.sources, plain.validation.sources);
  assertEquals(weights, new Uint16Array(50).fill(1));
});

Deno.test("few questions can be split, and repeats number at most half of them", async () => {
  for (const digits of [1, 2, 3, 9]) {
    for (const examples of [10, 11, 20, 55]) {
      const { training, validation, weights, withSwapped } = await prepare({ digits, examples });
      assertEquals([training.count, validation.count], [
        examples - Math.floor(examples / 10),
        Math.floor(examples / 10),
      ]);
      assertEquals(withSwapped!.count, 2 * training.count);
      const entries = weights!.reduce((a, b) => a + b, 0);
      assert(entries <= 1.5 * training.count, `${digits} digits, ${examples}: ${entries}`);
    }
  }
});

Deno.test("splitDataset() puts the swapped forms behind the examples, in their order and in the same memory", () => {
  const layout = layOutAddition({ digits: 2 }, true);
  const dataset = createDataset(generateAddition({ digits: 2, examples: 100 }), layout);
  const practice = practiseAddition();
  const plain = splitDataset(dataset, { seed: 2 });
  assertEquals([plain.withSwapped, plain.weights], [undefined, undefined]);
  const { training, withSwapped, validation } = splitDataset(dataset, {
    seed: 2,
    swapOf: practice.swapOf,
  });
  assertEquals([training.sources, training.targets], [
    plain.training.sources,
    plain.training.targets,
  ]);
  assertEquals(validation.sources, plain.validation.sources);
  assertEquals(training.sources.buffer, withSwapped!.sources.buffer);
  for (let row = 0; row < 90; row++) {
    const example = readExample(training, row);
    assertEquals(readExample(withSwapped!, row), example);
    assertEquals(readExample(withSwapped!, 90 + row), practice.swapOf(example));
  }
});

Deno.test("splitDataset() refuses to hold back a swapped form of a training example, and groupOf prevents it", () => {
  const examples = Array.from({ length: 100 }, (_, i) => {
    const [a, b] = [Math.floor(i / 10), i % 10];
    return { question: `${a}+${b}`, answer: String(a + b) };
  });
  const dataset = createDataset(examples, layOutAddition({ digits: 1 }, false));
  const { swapOf } = practiseAddition();
  assertThrows(
    () => splitDataset(dataset, { swapOf }),
    RangeError,
    "groupOf must give both forms the same name",
  );
  const groupOf = ({ question }: { question: string }): string => additionGroup(question);
  const { training, validation } = splitDataset(dataset, { swapOf, groupOf });
  const held = pairsOf(validation, Array(validation.count).keys());
  const trained = pairsOf(training, Array(training.count).keys());
  assertEquals([...held].filter((pair) => trained.has(pair)), []);
});

Deno.test("splitDataset() keeps a whole group if it keeps one of its examples", () => {
  const examples = [...generateAddition({ digits: 2, examples: 200 })];
  const dataset = createDataset(examples, layOutAddition({ digits: 2 }, false));
  const lastDigit = ({ answer }: { answer: string }): string => answer.at(-1)!;
  const { validation } = splitDataset(dataset, {
    groupOf: lastDigit,
    validationShare: 0.4,
    keep: ({ answer }) => answer === "77",
  });
  const digits = Array.from(
    { length: validation.count },
    (_, row) => lastDigit(readExample(validation, row)),
  );
  assert(digits.length > 0 && !digits.includes("7"), digits.join(""));
});

Deno.test("splitDataset() checks the results of its caller's functions", () => {
  const dataset = createDataset(
    generateAddition({ digits: 1 }),
    layOutAddition({ digits: 1 }, true),
  );
  const wrong: [Record<string, () => unknown>, typeof TypeError | typeof RangeError, string][] = [
    [{ weightOf: () => 0 }, RangeError, "what weightOf returns must be an integer from 1 to 1000"],
    [{ weightOf: () => "2" }, TypeError, "what weightOf returns"],
    [{ keep: () => 1 }, TypeError, "what keep returns must be true or false"],
    [{ swapOf: () => null }, TypeError, "must have a question and an answer, but is null"],
    [{ swapOf: () => ({ question: "12+34", answer: "1" }) }, RangeError, "another form of"],
    [{ swapOf: () => ({ question: "1+x", answer: "1" }) }, SyntaxError, "another form of"],
  ];
  for (const [options, type, words] of wrong) {
    const given = options as Parameters<typeof splitDataset>[1];
    assertThrows(() => splitDataset(dataset, given), type, words);
  }
});
