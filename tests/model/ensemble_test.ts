import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createDataset } from "../../src/dataset/dataset.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import type { Decoding, NextSymbols } from "../../src/device/decoding.ts";
import { assess } from "../../src/evaluation/assess.ts";
import { chooseByVote, measureAgreement } from "../../src/model/combine.ts";
import { createModel } from "../../src/model/create_model.ts";
import { decodeRows } from "../../src/model/decode_rows.ts";
import { createEnsemble } from "../../src/model/ensemble.ts";
import type { Model } from "../../src/model/model.ts";
import { predict } from "../../src/model/predict.ts";
import { generateAddition } from "../../src/problem/addition.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import { layOutTexts, TINY_MODEL } from "../tiny_training.ts";

const device = await chooseDevice("cpu");
const QUESTIONS = ["1+2", "3+4", "9+9"];
const DATASET = createDataset(generateAddition({ digits: 1 }), TINY_MODEL);
const FLOAT32_EPSILON = 2 ** -23;

function makeModels(...seeds: readonly number[]): Promise<Model[]> {
  return Promise.all(seeds.map((seed) => createModel(TINY_MODEL, { device, seed })));
}

Deno.test("an ensemble gives every symbol the mean of its models' probabilities, and answers with the most probable", async () => {
  const models = await makeModels(1, 2, 3);
  using ensemble = createEnsemble(models);
  const together = await predict(ensemble, QUESTIONS, { probabilities: true });
  const alone = await Promise.all(
    models.map((model) => predict(model, QUESTIONS, { probabilities: true })),
  );
  for (const [row, { answer, probability, probabilities, agreement }] of together.entries()) {
    let product = 1;
    for (const [t, position] of probabilities!.entries()) {
      for (const [v, mean] of position.entries()) {
        const sum = alone.reduce((sum, each) => sum + each[row]!.probabilities![t]![v]!, 0);
        assertAlmostEquals(mean, sum / 3, FLOAT32_EPSILON);
      }
      product *= Math.max(...position);
    }
    assertAlmostEquals(probability, product, FLOAT32_EPSILON);
    assertEquals(agreement, alone.filter((each) => each[row]!.answer === answer).length / 3);
  }
});

Deno.test("an ensemble of one model answers and measures as the model", async () => {
  const [model] = await makeModels(4) as [Model];
  using ensemble = createEnsemble([model]);
  const alone = await evaluate(model, DATASET);
  for (const combine of ["mean", "vote"] as const) {
    const same = createEnsemble([model], { combine });
    const { loss, ...counted } = await evaluate(same, DATASET);
    assertAlmostEquals(loss, alone.loss, 1e-6 * alone.loss);
    assertEquals(counted, {
      ...{ characterAccuracy: alone.characterAccuracy, exactMatch: alone.exactMatch },
      examples: alone.examples,
    });
  }
  const [prediction] = await predict(ensemble, ["1+2"]);
  const [own] = await predict(model, ["1+2"]);
  assertEquals(prediction!.agreement, 1);
  assertAlmostEquals(prediction!.probability, own!.probability, FLOAT32_EPSILON);
});

Deno.test("assess() of an ensemble counts the answers that predict() gives", async () => {
  for (const combine of ["mean", "vote"] as const) {
    using ensemble = createEnsemble(await makeModels(1, 2, 3), { combine });
    const examples = [...generateAddition({ digits: 1 })];
    const answers = await predict(ensemble, examples.map(({ question }) => question));
    const right = answers.filter(({ answer }, i) => answer === examples[i]!.answer).length;
    const found = await assess(ensemble, DATASET);
    assertEquals([found.examples, found.right], [examples.length, right]);
    const mean = answers.reduce((sum, { probability }) => sum + probability, 0) / answers.length;
    assertAlmostEquals(found.calibration.meanProbability, mean, FLOAT32_EPSILON);
  }
});

Deno.test("chooseByVote() takes the answer of most models; of several, the one whose models are the surest; then the first", () => {
  const answer = (symbols: number[], ...confidence: number[]) => ({
    characters: Uint8Array.from(symbols),
    confidence: Float32Array.from(confidence),
  });
  const [a, b, c]: [number[], number[], number[]] = [[1, 2], [1, 3], [4, 2]];
  const vote = (...models: ReturnType<typeof answer>[]) => [...chooseByVote(models, 2)];
  assertEquals(vote(answer([...a], 1, 1), answer([...b], 0.1, 0.1), answer([...b], 0.1, 0.1)), b);
  assertEquals(vote(answer([...a], 0.5, 0.5), answer([...b], 0.5, 0.75)), b);
  assertEquals(vote(answer([...c], 0.5, 0.5), answer([...b], 0.5, 0.5)), c);
});

Deno.test("measureAgreement() is the share of models that give the whole answer", () => {
  const models = [[0, 0, 1, 2], [9, 9, 1, 2], [0, 0, 1, 3], [0, 0, 1, 2]].map((row) =>
    Uint8Array.from(row)
  );
  const together = Uint8Array.from([0, 0, 1, 2]);
  assertEquals(measureAgreement(together, models, { row: 0, T: 2 }), 3 / 4);
  assertEquals(measureAgreement(together, models, { row: 1, T: 2 }), 3 / 4);
  assertEquals(measureAgreement(together, models, { row: 0, T: 4 }), 2 / 4);
});

/** A decoding whose next symbols are a table by the symbols before: `""`, `"1"`, `"12"` … */
function scriptDecoding(
  sources: readonly Readonly<Record<string, readonly number[]>>[],
): Decoding & { readonly asked: number[] } {
  let hypotheses = sources.map((table) => ({ table, before: "" }));
  let steps = 0;
  const asked: number[] = [];
  return {
    ...{ count: sources.length, asked },
    get steps(): number {
      return steps;
    },
    step(chosen): Promise<NextSymbols> {
      if (chosen !== undefined) {
        hypotheses = Array.from(chosen.parents, (parent, i) => ({
          table: hypotheses[parent]!.table,
          before: hypotheses[parent]!.before + chosen.symbols[i],
        }));
      }
      steps++;
      asked.push(hypotheses.length);
      const rows = hypotheses.map(({ table, before }) => table[before]!);
      return Promise.resolve({
        probabilities: Float32Array.from(rows.flat()),
        attention: new Float32Array(rows.length),
      });
    },
    [Symbol.dispose](): void {},
  };
}

const SHAPE = { length: 3, size: 3, end: 0 };

Deno.test("decodeRows() follows the most probable symbols, and asks no more for an answer that has ended", async () => {
  const decoding = scriptDecoding([
    { "": [0.125, 0.5, 0.375], "1": [0.75, 0.25, 0] },
    { "": [0, 0.25, 0.75], "2": [0.25, 0.5, 0.25], "21": [0.25, 0.25, 0.5] },
  ]);
  const { characters, confidence, probabilities } = await decodeRows(decoding, SHAPE, {
    probabilities: true,
  });
  assertEquals([...characters], [1, 0, 0, 2, 1, 2]);
  assertEquals([...confidence], [0.5, 0.75, 1, 0.75, 0.5, 0.5]);
  assertEquals(decoding.asked, [2, 2, 1]);
  assertEquals([...probabilities!.subarray(6, 9)], [1, 0, 0]); // after the end, padding is certain
});

Deno.test("decodeRows() follows given symbols to their end, and says what would have been the most probable", async () => {
  const decoding = scriptDecoding([
    { "": [0.125, 0.5, 0.375], "2": [0.25, 0.75, 0] },
    { "": [0.5, 0.25, 0.25] },
  ]);
  const along = Uint8Array.from([2, 0, 0, 0, 0, 0]);
  const { confidence, best } = await decodeRows(decoding, SHAPE, { along });
  assertEquals([...confidence], [0.375, 0.25, 1, 0.5, 1, 1]);
  assertEquals([...best.subarray(0, 2)], [1, 1]);
  assertEquals(decoding.asked, [2, 1]);
});

Deno.test("createEnsemble() refuses no model, another layout, and a model that was disposed of", async () => {
  assertThrows(() => createEnsemble([]), TypeError, "at least one");
  const [model] = await makeModels(1) as [Model];
  using kept = model;
  using longer = await createModel({ ...TINY_MODEL, ...layOutTexts(3, 3) }, { device });
  assertThrows(() => createEnsemble([kept, longer]), TypeError, "the same target");
  const [gone] = await makeModels(1) as [Model];
  gone[Symbol.dispose]();
  assertThrows(() => createEnsemble([kept, gone]), Error, "was disposed of");
});

Deno.test("an ensemble cannot be trained, and is disposed of with its models", async () => {
  const models = await makeModels(1, 2);
  const ensemble = createEnsemble(models);
  assertThrows(() => createTraining(ensemble), Error, "no parameters of its own");
  ensemble[Symbol.dispose]();
  assertEquals(models.map(({ executor }) => executor.disposed), [true, true]);
  await assertRejects(() => predict(ensemble, ["1+2"]), Error, "was disposed of");
});
