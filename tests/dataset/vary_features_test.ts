import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { acceptAnswers, countRight } from "../../src/dataset/accept_answers.ts";
import { createDataset, type Dataset, readExample } from "../../src/dataset/dataset.ts";
import { varyFeatures } from "../../src/dataset/vary_features.ts";
import type { Example } from "../../src/problem/example.ts";
import { runAtOnce } from "../../src/time/slices.ts";
import { makeInflections, writeInflections } from "../made_inflections.ts";
import { measureTexts } from "../problem/pairs/read_pairs.ts";

const EXAMPLES = makeInflections(60);
const RANDOM = { featureColumns: ["3"], featureOrder: "random" } as const;

function encode(examples: readonly Example[], reverse = false): Dataset {
  const { laidOut: { layout } } = measureTexts({ data: writeInflections(examples) }, {
    featureColumns: ["3"],
  });
  return createDataset(examples, { ...layout, source: { ...layout.source, reverse } });
}

const questionsOf = (dataset: Dataset): string[] =>
  Array.from({ length: dataset.count }, (_, at) => readExample(dataset, at).question);

Deno.test("features stand in another order in every epoch, the same for the same epoch and seed", () => {
  for (const reverse of [false, true]) {
    const training = encode(EXAMPLES, reverse);
    const { varied } = varyFeatures({ training, validation: training }, RANDOM);
    const make = (epoch: number, seed: number): string[] =>
      questionsOf(runAtOnce(varied!(epoch, seed)));
    assertEquals(make(1, 7), make(1, 7));
    assertNotEquals(make(1, 7), make(2, 7));
    assertNotEquals(make(1, 7), make(1, 8));
    const sorted = (question: string): string[] => question.split(/[\t;]/).toSorted();
    const text = (question: string): string => question.split("\t")[0]!;
    const [before, after] = [questionsOf(training), make(3, 7)];
    assertEquals(after.map(text), before.map(text));
    assertEquals(after.map(sorted), before.map(sorted));
    assert(after.filter((each, at) => each !== before[at]).length > EXAMPLES.length / 2);
  }
});

Deno.test("features stay as in the file if that is asked for, and there are none without a column", () => {
  const training = encode(EXAMPLES);
  const split = { training, validation: training };
  const asFile = varyFeatures(split, { ...RANDOM, featureOrder: "file" });
  assertEquals([asFile.varied, asFile.weights?.length], [undefined, EXAMPLES.length]);
  assertEquals(varyFeatures(split, { ...RANDOM, featureColumns: [] }), split);
});

Deno.test("an example is taken as often as makes up for its rarest feature", () => {
  const common = makeInflections(70).filter(({ question }) => !question.includes("ACC"));
  const rare = { question: "bala\tN;ACC;SG", answer: "balat" };
  const training = encode([...common, rare]);
  const { weights } = varyFeatures({ training, validation: training }, RANDOM);
  assertEquals(weights!.at(-1), 20);
  assertEquals(new Set(weights!.subarray(0, -1)), new Set([1]));
});

Deno.test("an answer that makes the right text by other edits is right", () => {
  const dataset = encode(EXAMPLES);
  const T = dataset.target.length;
  const { question, answer } = readExample(dataset, 0);
  const answers = dataset.targets.slice();
  const other = `\uFDD1${question[0]}\uFDD0${answer.slice(question.indexOf("\t"))}`;
  const plural = EXAMPLES.findIndex(({ question }) => question.endsWith("SG"));
  const text = EXAMPLES[plural]!;
  const word = text.question.split("\t")[0]!;
  const written = `${word[0]}\uFDD1\uFDD0${text.answer.slice(word.length)}`;
  dataset.target.write(written, answers, plural * T);
  assertEquals(countRight(dataset, answers), EXAMPLES.length - 1);
  acceptAnswers(dataset, answers);
  assertEquals(countRight(dataset, answers), EXAMPLES.length);
  dataset.target.write(other.slice(0, T - 1), answers, 0);
  answers[0] = dataset.targets[0]! === 4 ? 5 : 4;
  const part = answers.subarray(0, T);
  acceptAnswers(dataset, part, 0);
  assertEquals(readExample({ ...dataset, targets: answers }, 0).answer === answer, false);
});
