import { assert, assertEquals, assertRejects } from "@std/assert";
import { characterLayout, type Layout } from "../../src/codec/layout.ts";
import type { Device } from "../../src/device/executor.ts";
import { createModel } from "../../src/model/create_model.ts";
import { createEnsemble } from "../../src/model/ensemble.ts";
import type { Model } from "../../src/model/model.ts";
import { predict, type Prediction, type PredictOptions } from "../../src/model/predict.ts";
import { openSymbolSource } from "../../src/model/symbol_source.ts";
import { encodeQuestions } from "../../src/model/question.ts";
import type { GivenModelShape } from "../../src/network/config.ts";
import { assertClose } from "../assert_close.ts";
import { openDevice, testOnCpu, testOnEveryDevice } from "../devices.ts";

const TEXTS = { ...{ separator: "", reverse: false }, normalize: "none" } as const;
/** Questions of up to 4 characters, answers of up to 3: of two letters 15 answers are possible. */
const LAYOUT: Layout = {
  source: { ...TEXTS, length: 4, symbols: ["", "a", "b", "é"], padding: "", reverse: true },
  target: { ...TEXTS, length: 3, symbols: ["", "x", "y"], padding: "" },
};
const QUESTIONS = ["ab", "b", "", "abéa", "éé", "bab"];
const POSSIBLE = 1 + 2 + 4 + 8;

const ATTENTION = { cell: "lstm", hiddenSize: 6, layers: 1, decoder: "attention" } as const;
const REPEAT = { cell: "gru", hiddenSize: 6, layers: 1 } as const;

/** Makes a model whose answers are far from certain and from equally probable. */
async function makeModel(device: Device, shape: GivenModelShape, seed = 1): Promise<Model> {
  const model = await createModel({ ...shape, ...LAYOUT }, { device, seed });
  const tensors = await model.executor.readState();
  model.executor.writeParameters(tensors.map(({ values }) => values.map((value) => 4 * value)));
  return model;
}

for (
  const shape of [ATTENTION, { ...ATTENTION, cell: "gru", layers: 2, encoderLayers: 2 }, REPEAT]
) {
  const name = `${shape.cell} with ${"decoder" in shape ? shape.decoder : "repeat"}`;
  testOnEveryDevice(`predict() with a beam of 1 is greedy: ${name}`, async (device) => {
    using model = await makeModel(device, shape as GivenModelShape);
    const greedy = await predict(model, QUESTIONS, { probabilities: true });
    const { executor, target } = model;
    using source = openSymbolSource(executor, encodeQuestions(model, QUESTIONS));
    const first = await source.step();
    const V = target.size;
    for (const [i, { probabilities }] of greedy.entries()) {
      const row = first.probabilities.subarray(i * V, (i + 1) * V);
      assertClose(row, probabilities![0]!, "first probabilities");
    }
    const options: PredictOptions = { beam: 1, probabilities: true };
    assertEquals(await predict(model, QUESTIONS, options), greedy);
    if (model.config.decoder === "repeat") return;
    const searched = await predict(model, QUESTIONS, { ...options, attention: true });
    assertEquals(searched.map(({ answer }) => answer), greedy.map(({ answer }) => answer));
    for (const [i, { probability, probabilities }] of searched.entries()) {
      assertClose([probability], [greedy[i]!.probability], "probability");
      assertClose(probabilities!.flat(), greedy[i]!.probabilities!.flat(), "probabilities");
    }
  });

  testOnEveryDevice(`predict() with a wide beam finds all answers: ${name}`, async (device) => {
    using model = await makeModel(device, shape as GivenModelShape);
    const nBest = 27;
    const greedy = await predict(model, QUESTIONS);
    for (
      const [i, { answer, probability, alternatives }]
        of (await predict(model, QUESTIONS, { nBest })).entries()
    ) {
      const [best] = alternatives!;
      assertEquals(best, { answer, probability });
      assert(probability >= greedy[i]!.probability * (1 - 1e-6));
      const probabilities = alternatives!.map((each) => each.probability);
      assertEquals(probabilities, probabilities.toSorted((a, b) => b - a));
      const answers = alternatives!.map((each) => each.answer);
      assertEquals(new Set(answers).size, answers.length);
      assertEquals(answers.length, POSSIBLE);
      if (model.config.decoder === "attention") {
        const sum = probabilities.reduce((a, b) => a + b, 0);
        assertClose([sum], [1], "sum of all probabilities");
      }
      // a narrow beam gives true probabilities too
      const [narrow] = await predict(model, [QUESTIONS[i]!], { beam: 2 });
      const same = alternatives!.find((each) => each.answer === narrow!.answer);
      assertClose([narrow!.probability], [same!.probability], "probability");
    }
  });
}

testOnEveryDevice("predict() gives the attention as people read it", async (device) => {
  using model = await makeModel(device, ATTENTION);
  const predictions = await predict(model, QUESTIONS, { beam: 3, attention: true });
  for (const { question, answer, attention } of predictions) {
    assertEquals(attention!.question, Array.from(question));
    assertEquals(attention!.answer, Array.from(answer));
    assertEquals(attention!.weights.length, Array.from(answer).length);
    for (const row of attention!.weights) {
      assertEquals(row.length, Array.from(question).length);
      const sum = row.reduce((a, b) => a + b, 0);
      assertClose([sum], [question === "" ? 0 : 1], "sum of a row");
    }
  }
  using source = openSymbolSource(model.executor, encodeQuestions(model, ["ab"]));
  const { attention: [, , atB, atA] } = await source.step() as { attention: Float32Array };
  const [{ attention }] = await predict(model, ["ab"], { attention: true }) as [Prediction];
  if (attention!.weights.length > 0) assertEquals([...attention!.weights[0]!], [atA, atB]);
});

testOnCpu(
  "predict() with a beam asks an ensemble together, and each of its models alone",
  async (device) => {
    using ensemble = createEnsemble([
      await makeModel(device, REPEAT, 1),
      await makeModel(device, REPEAT, 2),
      await makeModel(device, REPEAT, 3),
    ]);
    const own = [];
    for (const model of ensemble.models) own.push(await predict(model, QUESTIONS, { beam: 3 }));
    for (
      const [i, { answer, agreement }] of (await predict(ensemble, QUESTIONS, { beam: 3 }))
        .entries()
    ) {
      const same = own.filter((answers) => answers[i]!.answer === answer);
      assertEquals(agreement, same.length / 3);
    }
  },
);

Deno.test("predict() says which options of a search do not fit together, or the model", async () => {
  const device = await openDevice("cpu");
  using model = await makeModel(device, REPEAT);
  using other = await makeModel(device, REPEAT, 2);
  const voting = createEnsemble([model, other], { combine: "vote" });
  const rows: [Model, PredictOptions, RegExp][] = [
    [model, { nBest: 3, beam: 2 }, /nBest must be at most the beam, which is 2, but is 3/],
    [model, { beam: 0 }, /beam must be an integer from 1 to 256, but is 0/],
    [
      model,
      { beam: 2, lengthPenalty: -1 },
      /lengthPenalty must be a number from 0 to 10, but is -1/,
    ],
    [model, { lengthPenalty: 1 }, /lengthPenalty must be 0 with a beam of 1/],
    [model, { attention: true }, /must have the decoder attention, but has the decoder repeat/],
    [voting, { beam: 2 }, /must combine its models by mean, but combines them by vote/],
  ];
  for (const [asked, options, reason] of rows) {
    const error = await assertRejects(() => predict(asked, ["ab"], options), RangeError);
    assert(reason.test(error.message), error.message);
  }
});

Deno.test("predict() does not go on with a search if the model was changed meanwhile", async () => {
  using model = await makeModel(await openDevice("cpu"), REPEAT);
  const parameters = (await model.executor.readState()).map(({ values }) => values);
  const asked = predict(model, QUESTIONS, { beam: 3 });
  model.executor.writeParameters(parameters);
  await assertRejects(() => asked, Error, "were changed meanwhile");
});

Deno.test("openSymbolSource() refuses hypotheses that do not exist", async () => {
  using model = await makeModel(await openDevice("cpu"), REPEAT);
  const open = () => openSymbolSource(model.executor, encodeQuestions(model, ["a", "b"]));
  const choose = (parents: number[], symbols: number[]) => ({
    parents: Uint32Array.from(parents),
    symbols: Uint8Array.from(symbols),
  });
  for (const chosen of [choose([2], [0]), choose([0], [3]), choose([0, 1], [0]), undefined]) {
    using source = open();
    await source.step();
    await assertRejects(() => source.step(chosen), Error, "Cannot decode symbol by symbol");
  }
  using source = open();
  await assertRejects(() => source.step(choose([0], [0])), TypeError, "begins without");
  await source.step();
  for (let t = 1; t < 3; t++) await source.step(choose([0], [1]));
  await assertRejects(() => source.step(choose([0], [1])), RangeError, "no step is left");
});

Deno.test("a model whose padding is a symbol of texts answers with a beam as it reads texts", async () => {
  const layout = characterLayout(" ab", { inputLength: 2, outputLength: 2 });
  const device = await openDevice("cpu");
  using model = await createModel({ ...REPEAT, ...layout }, { device, seed: 1 });
  const [{ alternatives }] = await predict(model, ["a"], { nBest: 9 }) as [Prediction];
  const answers = alternatives!.map(({ answer }) => answer).sort();
  assertEquals(answers, ["", " a", " b", "a", "aa", "ab", "b", "ba", "bb"]);
});
