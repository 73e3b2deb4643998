import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createDataset } from "../../src/dataset/dataset.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import type { Assessment } from "../../src/evaluation/assessment.ts";
import { askAll } from "../../src/evaluation/ask_all.ts";
import { assess, createAssessor } from "../../src/evaluation/assess.ts";
import { askBeyond, askEdgeCases, findFault } from "../../src/evaluation/ask_suites.ts";
import { createModel } from "../../src/model/create_model.ts";
import type { Model } from "../../src/model/model.ts";
import { predict } from "../../src/model/predict.ts";
import { createProblem } from "../../src/problem/registry.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import { train } from "../../src/training/train.ts";
import { layOutTexts, makeTinySplit, TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";

const PROBLEM = createProblem(TINY_PROBLEM, TINY_MODEL);
const { every } = PROBLEM.generated!;
const EVERY = createDataset(every!.examples(), TINY_MODEL);

/** Makes a model that knows a part of its sums. */
async function makeModel(): Promise<Model> {
  const model = await createModel(TINY_MODEL, { device: await chooseDevice("cpu"), seed: 3 });
  using training = createTraining(model, { epochs: 40, batchSize: 8, seed: 3 });
  for await (const _ of train(training, makeTinySplit()));
  return model;
}

Deno.test("assess() finds what evaluate() and predict() find", async () => {
  using model = await makeModel();
  const found = await assess(model, EVERY, { groupings: PROBLEM.groupings, worst: 100 });
  const { loss, characterAccuracy, exactMatch, examples } = await evaluate(model, EVERY);
  assertEquals(
    [found.loss, found.characterAccuracy, found.exactMatch, found.examples],
    [loss, characterAccuracy, exactMatch, examples],
  );
  const asked = [...every!.examples()];
  const predictions = await predict(model, asked.map(({ question }) => question));
  const wrong = predictions.flatMap(({ question, answer: guess, probability }, i) => {
    const target = asked[i]!.answer;
    return guess === target ? [] : [{ question, target, guess, probability }];
  });
  assert(wrong.length > 3 && wrong.length < 97, `${wrong.length} wrong answers test nothing`);
  assertEquals(found.worst, wrong.toSorted((a, b) => b.probability - a.probability));
  assertEquals(found.examples - found.right, wrong.length);
  for (const { cells } of found.groups) {
    assertEquals(cells.reduce((sum, { examples }) => sum + examples, 0), 100);
    assertEquals(cells.reduce((sum, { right }) => sum + right, 0), found.right);
  }
  assertEquals(JSON.parse(JSON.stringify(found)), found); // plain data
});

Deno.test("assess() with a beam counts the answers that predict() gives with it", async () => {
  using model = await makeModel();
  const greedy = await assess(model, EVERY);
  const found = await assess(model, EVERY, { beam: 3, lengthPenalty: 0.5, worst: 100 });
  const asked = [...every!.examples()];
  const search = { beam: 3, lengthPenalty: 0.5 };
  const predictions = await predict(model, asked.map(({ question }) => question), search);
  const right = predictions.filter(({ answer }, i) => answer === asked[i]!.answer).length;
  assertEquals([found.right, found.loss], [right, greedy.loss]);
  const probabilities = new Map(predictions.map((each) => [each.question, each.probability]));
  for (const { question, probability } of found.worst) {
    assertEquals(probability, probabilities.get(question));
  }
  await assertRejects(() => assess(model, EVERY, { lengthPenalty: 1 }), RangeError, "beam of 1");
});

Deno.test("assess() of many examples in parts is the same as of few", async () => {
  using model = await makeModel();
  const few = await assess(model, EVERY);
  const times = 700; // 70,000 examples are more than are on the device at once
  const seen: number[] = [];
  const many = await assess(model, {
    ...EVERY,
    count: 100 * times,
    sources: repeat(EVERY.sources, times),
    targets: repeat(EVERY.targets, times),
  }, { onProgress: (done, of) => seen.push(done / of) });
  assertEquals(many.right, times * few.right);
  assertEquals(many.edits, times * few.edits);
  assert(Math.abs(many.loss - few.loss) < 1e-9 * few.loss);
  assertEquals(seen.at(-1), 1);
  assertEquals(seen, seen.toSorted((a, b) => a - b));
  const width = ({ exactMatchInterval: { low, high } }: Assessment): number => high - low;
  assert(width(many) < width(few) / 20);
});

function repeat(row: Uint8Array, times: number): Uint8Array {
  const repeated = new Uint8Array(row.length * times);
  for (let i = 0; i < times; i++) repeated.set(row, i * row.length);
  return repeated;
}

Deno.test("askAll() encodes and asks what a dataset of the same examples has", async () => {
  using model = await makeModel();
  const assessor = createAssessor(model, { complete: true });
  const seen: number[] = [];
  await askAll(assessor, every!.examples(), {
    ...{ model, count: every!.count, onProgress: (done) => seen.push(done) },
  });
  assertEquals(seen.at(-1), 100);
  assertEquals(assessor.finish(), await assess(model, EVERY, { complete: true }));
});

Deno.test("assess() refuses what it cannot ask, before it computes", async () => {
  using model = await createModel(TINY_MODEL, { device: await chooseDevice("cpu") });
  const other = createDataset([{ question: "1+1", answer: "2" }], layOutTexts(4, 2));
  await assertRejects(() => assess(model, other), TypeError, "laid out");
  await assertRejects(() => assess(model, EVERY, { worst: 1001 }), RangeError, "worst");
  await assertRejects(() => assess(model, EVERY, { worts: 1 } as object), TypeError, "worst");
  assertThrows(() => createAssessor(model).finish(), RangeError, "at least one question");
  model[Symbol.dispose]();
  await assertRejects(() => assess(model, EVERY), Error, "disposed of");
});

Deno.test("a signal stops assess() with its reason, and nothing stays on the device", async () => {
  using model = await createModel(TINY_MODEL, { device: await chooseDevice("cpu") });
  const controller = new AbortController();
  const reason = new Error("stop");
  const large = { ...EVERY, count: 10_000 };
  const onProgress = (): void => controller.abort(reason);
  await assertRejects(
    () =>
      assess(model, {
        ...large,
        sources: repeat(EVERY.sources, 100),
        targets: repeat(EVERY.targets, 100),
      }, { signal: controller.signal, onProgress, now: () => Date.now() }),
    Error,
    "stop",
  );
  assertEquals((await assess(model, EVERY)).examples, 100); // it can be used again
});

Deno.test("askEdgeCases() passes only if all are right", async () => {
  using model = await makeModel();
  const [right] = (await predict(model, ["1+1"])).map(({ question, answer }) => ({
    question,
    answer,
  }));
  assertEquals(await askEdgeCases(model, { edgeCases: () => [right!] }), {
    ...{ examples: 1, right: 1, passed: true, failures: [] },
  });
  const wrong = { question: "1+1", answer: "77" };
  const failed = await askEdgeCases(model, { edgeCases: () => [right!, wrong] });
  assertEquals([failed!.examples, failed!.right, failed!.passed], [2, 1, false]);
  assertEquals(failed!.failures.map(({ target, guess }) => [target, guess]), [[
    "77",
    right!.answer,
  ]]);
  assertEquals(await askEdgeCases(model, { edgeCases: () => [] }), null);
});

Deno.test("askBeyond() asks what the layout has room for, and says what it has not", async () => {
  using model = await makeModel();
  const beyond = (): { question: string; answer: string }[] => [
    { question: "10+1", answer: "11" },
    { question: "1+1", answer: "2" },
    { question: "9+9", answer: "100" },
  ];
  const found = await askBeyond(model, { beyond });
  assertEquals([found!.drawn, found!.examples], [3, 1]);
  assertEquals(
    found!.reason,
    'the question "10+1" has 4 symbols, but the model has room for 3',
  );
  assertEquals(found!.exactMatch, found!.right);
  const none = await askBeyond(model, { beyond: () => beyond().slice(0, 1) });
  assertEquals([none!.examples, none!.exactMatch, none!.low, none!.high], [0, null, 0, 1]);
  assertEquals(await askBeyond(model, {}), null);
});

Deno.test("findFault() names the text that cannot be written", async () => {
  using model = await createModel(TINY_MODEL, { device: await chooseDevice("cpu") });
  assertEquals(findFault(model, { question: "1+1", answer: "2" }), undefined);
  assertEquals(
    findFault(model, { question: "9+9", answer: "100" }),
    'the answer "100" has 3 symbols, but the model has room for 2',
  );
  assertEquals(
    findFault(model, { question: "1-1", answer: "0" }),
    'the question "1-1" has the symbol "-", which the model does not have',
  );
});
