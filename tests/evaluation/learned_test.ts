import { assert, assertEquals } from "@std/assert";
import { createDataset } from "../../src/dataset/dataset.ts";
import { layOutAddition } from "../../src/problem/addition.ts";
import { createProblem, resolveProblem } from "../../src/problem/registry.ts";
import { groupExamples } from "../../src/evaluation/learned.ts";

const LAYOUT = layOutAddition({ digits: 2 }, true);
const { groupings } = createProblem(resolveProblem({ name: "addition", digits: 2 }), LAYOUT);

Deno.test("groupExamples() counts correct answers by carries, lengths, position and symbol", async () => {
  const dataset = createDataset([
    { question: "12+1", answer: "13" },
    { question: "99+11", answer: "110" },
    { question: "5+5", answer: "10" },
  ], LAYOUT);
  const answers = new Uint8Array(9);
  ["13", "100", "1"].forEach((text, i) => dataset.target.write(text, answers, 3 * i));
  const grouping = await groupExamples(dataset, groupings);
  const { epoch, groups, positions, symbols, confusion } = grouping.measure(4, answers);
  const [carries, lengths] = groups.map(({ cells }) => cells);
  assertEquals(epoch, 4);
  assertEquals(carries, [
    { key: "0", examples: 1, right: 1 },
    { key: "1", examples: 1, right: 0 },
    { key: "2", examples: 1, right: 0 },
  ]);
  assertEquals(lengths, [
    { key: "1+1", examples: 1, right: 0 },
    { key: "2+1", examples: 1, right: 1 },
    { key: "2+2", examples: 1, right: 0 },
  ]);
  assertEquals(positions.map(({ right }) => right), [3, 1, 3]);
  const count = (target: string, answer: string): number =>
    confusion[symbols.indexOf(target) * 12 + symbols.indexOf(answer)]!;
  assertEquals([count("1", "1"), count("1", "0"), count("0", " "), count("0", "0")], [3, 1, 1, 1]);
  assertEquals(confusion.reduce((a, b) => a + b), 9);
});

Deno.test("groupExamples() lets timers run meanwhile", async () => {
  const count = 20_000;
  const layout = layOutAddition({ digits: 1 }, false);
  const example = createDataset([{ question: "1+1", answer: "2" }], layout);
  const sources = new Uint8Array(3 * count);
  for (let i = 0; i < count; i++) sources.set(example.sources, 3 * i);
  const dataset = { ...example, count, sources, targets: new Uint8Array(2 * count) };
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  let clock = 0;
  await groupExamples(dataset, groupings, { now: () => clock += 60 }); // every slice is a long one
  clearInterval(timer);
  assert(turns > 2, `${turns} turns`);
});
