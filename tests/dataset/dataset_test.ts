import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { characterLayout } from "../../src/codec/layout.ts";
import { batches, countBatches } from "../../src/dataset/batches.ts";
import { createDataset, type Dataset, readExample } from "../../src/dataset/dataset.ts";
import { shuffledPositions } from "../../src/dataset/shuffle.ts";
import { splitDataset } from "../../src/dataset/split.ts";
import {
  ADDITION_CHARACTERS,
  additionGroup,
  generateAddition,
  layOutAddition,
} from "../../src/problem/addition.ts";
import { forkPrng } from "../../src/random/prng.ts";
import { runAtOnce } from "../../src/time/slices.ts";
import type { Example } from "../../src/problem/example.ts";

const layout = characterLayout(ADDITION_CHARACTERS, {
  inputLength: 5,
  outputLength: 3,
  reverse: true,
});

function makeDataset(examples: number, seed = 0): Dataset {
  return createDataset(generateAddition({ digits: 2, examples, seed }), layout);
}

function shuffledOrder(count: number, seed: number): Uint32Array {
  return runAtOnce(shuffledPositions(count, forkPrng(seed, "split")));
}

function textsOf(dataset: Dataset): string[] {
  return Array.from({ length: dataset.count }, (_, at) => JSON.stringify(readExample(dataset, at)));
}

Deno.test("readExample() gives back what createDataset() took", () => {
  const examples = [...generateAddition({ digits: 2, examples: 100 })];
  const dataset = createDataset(examples, layout);
  assertEquals(textsOf(dataset), examples.map((example) => JSON.stringify(example)));
});

Deno.test("readExample() refuses a position that has no example", () => {
  const dataset = makeDataset(3);
  for (const at of [-1, 3, 0.5]) assertThrows(() => readExample(dataset, at), RangeError, "0 to 2");
});

Deno.test("createDataset() keeps an example in as many bytes as it has characters", () => {
  const { sources, targets } = makeDataset(5000);
  assert(sources instanceof Uint8Array && targets instanceof Uint8Array);
  assertEquals([sources.buffer.byteLength, targets.buffer.byteLength], [25_000, 15_000]);
});

Deno.test("createDataset() says why a generator that was used before has no examples", () => {
  const examples = generateAddition({ digits: 2, examples: 10 });
  createDataset(examples, layout);
  assertThrows(
    () => createDataset(examples, layout),
    RangeError,
    "but there is none; a generator gives its examples only once",
  );
  const error = assertThrows(() => createDataset([], layout), RangeError);
  assertEquals(error.message.includes("generator"), false);
});

Deno.test("splitDataset() holds a tenth back and loses nothing", () => {
  const dataset = makeDataset(5000);
  const { training, validation } = splitDataset(dataset);
  assertEquals([training.count, validation.count], [4500, 500]);
  assertEquals([...textsOf(training), ...textsOf(validation)].sort(), textsOf(dataset).sort());
});

Deno.test("splitDataset() gives the notebook's shapes", () => {
  const dataset = createDataset(generateAddition(), layOutAddition({ digits: 3 }, true));
  const { training, validation } = splitDataset(dataset);
  assertEquals([training.count, training.source.length, training.source.size], [45_000, 7, 12]);
  assertEquals([validation.count, validation.target.length, validation.target.size], [5000, 4, 12]);
});

Deno.test("splitDataset() gives the same split for the same seed, and another for another seed", () => {
  const dataset = makeDataset(100);
  const validation = (seed: number): string =>
    textsOf(splitDataset(dataset, { seed }).validation).join();
  assertEquals(validation(1), validation(1));
  assert(validation(1) !== validation(2));
});

Deno.test("splitDataset() keeps groups whole: no question or its mirror image is on both sides", () => {
  const operand = fc.integer({ min: 0, max: 20 });
  const examples = fc.array(fc.tuple(operand, operand), { minLength: 20, maxLength: 80 });
  fc.assert(fc.property(examples, fc.integer(), (pairs, seed) => {
    const list: Example[] = pairs.map(([a, b]) => ({ question: `${a}+${b}`, answer: `${a + b}` }));
    const groupOf = ({ question }: Example): string => additionGroup(question);
    fc.pre(new Set(list.map(groupOf)).size > 12);
    const dataset = createDataset(list, layout);
    const { training, validation } = splitDataset(dataset, {
      seed,
      groupOf,
      validationShare: 0.3,
    });
    const groups = (part: Dataset): string[] =>
      Array.from({ length: part.count }, (_, at) => groupOf(readExample(part, at)));
    const held = new Set(groups(validation));
    assert(groups(training).every((group) => !held.has(group)));
    assertEquals(training.count + validation.count, list.length);
  }));
});

Deno.test("splitDataset() refuses a share out of range and an empty side", () => {
  for (const validationShare of [0, 1, NaN]) {
    assertThrows(() => splitDataset(makeDataset(20), { validationShare }), RangeError, "between 0");
  }
  assertThrows(
    () => splitDataset(makeDataset(5)),
    RangeError,
    "too few examples to hold any back for validation",
  );
});

Deno.test("batches() gives every example once, in the given order", () => {
  const dataset = makeDataset(10);
  const order = shuffledOrder(10, 1);
  const sizes: number[] = [];
  const sources: number[] = [];
  for (const batch of batches(dataset, { batchSize: 4, order })) {
    sizes.push(batch.size);
    sources.push(...batch.sources);
  }
  assertEquals(sizes, [4, 4, 2]);
  assertEquals(countBatches(dataset, 4), 3);
  const expected = [...order].flatMap((at) => [...dataset.sources.slice(at * 5, at * 5 + 5)]);
  assertEquals(sources, expected);
});

Deno.test("batches() can begin with a later batch", () => {
  const dataset = makeDataset(10);
  const all = [...batches(dataset, { batchSize: 4 })];
  assertEquals([...batches(dataset, { batchSize: 4, from: 1 })], all.slice(1));
});

Deno.test("splitDataset() holds a group of 200,000 together", () => {
  const examples = Array.from({ length: 200_100 }, (_, i) => ({
    question: String(i),
    answer: i < 200_000 ? "1" : "2",
  }));
  const digits = characterLayout("0123456789 ", { inputLength: 6, outputLength: 1 });
  const dataset = createDataset(examples, digits);
  const { training, validation } = splitDataset(dataset, {
    groupOf: ({ question, answer }) => answer === "1" ? "large" : question,
  });
  assertEquals([training.count, validation.count], [200_000, 100]);
  assert(training.targets.every((index) => index === digits.target.symbols.indexOf("1")));
});

Deno.test("splitDataset() places groups as earlier versions do, so that a resumed run has the same split", () => {
  const dataset = makeDataset(12, 4);
  const { training, validation } = splitDataset(dataset, {
    seed: 3,
    validationShare: 0.3,
    groupOf: ({ answer }) => answer.at(-1)!,
  });
  assertEquals([training.count + validation.count, validation.count <= 3], [12, true]);
  const groups = new Map<string, number[]>(); // the same split, computed with a list for each group
  for (const at of shuffledOrder(12, 3)) {
    const group = readExample(dataset, at).answer.at(-1)!;
    groups.set(group, [...groups.get(group) ?? [], at]);
  }
  const sides: { held: number[]; kept: number[] } = { held: [], kept: [] };
  for (const members of [...groups.values()].reverse()) {
    const side = sides.held.length + members.length <= 3 ? sides.held : sides.kept;
    side.push(...members);
  }
  const textOf = (at: number): string => JSON.stringify(readExample(dataset, at));
  assertEquals(textsOf(validation), sides.held.map(textOf));
  assertEquals(textsOf(training), sides.kept.map(textOf));
});

Deno.test("batches() copies the order that it is given", () => {
  const dataset = makeDataset(10);
  const order = shuffledOrder(10, 1);
  const expected = [...batches(dataset, { batchSize: 4, order })];
  const later = batches(dataset, { batchSize: 4, order });
  order.fill(0);
  assertEquals([...later], expected);
});

Deno.test("batches() gives a position as often as the order has it, and refuses one beyond the dataset", () => {
  const dataset = makeDataset(10);
  const order = Uint32Array.of(9, 1, 1, 9, 9);
  const found = [...batches(dataset, { batchSize: 4, order })];
  assertEquals(found.map(({ size }) => size), [4, 1]);
  const expected = [...order].flatMap((at) => [...dataset.sources.slice(at * 5, at * 5 + 5)]);
  assertEquals(found.flatMap(({ sources }) => [...sources]), expected);
  assertEquals([...batches(dataset, { batchSize: 4, order: new Uint32Array() })], []);
  assertThrows(
    () => batches(dataset, { batchSize: 4, order: Uint32Array.of(1, 10) }),
    RangeError,
    "positions from 0 to 9, but has 10",
  );
});

Deno.test("a dataset that was made by hand is checked once, and an index beyond its table is refused", () => {
  const dataset = { ...makeDataset(10), targets: new Uint8Array(30).fill(200) };
  assertThrows(
    () => splitDataset(dataset),
    RangeError,
    "from 0 to 11, but position 0 of its targets has 200",
  );
  assertThrows(() => createDataset([], layout), RangeError, "there is none");
  assertThrows(
    () =>
      createDataset([{ question: "1+1", answer: "2" }, { question: "1-1", answer: "0" }], layout),
    SyntaxError,
    'index 1 is "-" (the question of example 1)',
  );
});
