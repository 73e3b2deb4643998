import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createDataset } from "../../src/dataset/dataset.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { assess } from "../../src/evaluation/assess.ts";
import { createModel } from "../../src/model/create_model.ts";
import { createEnsemble } from "../../src/model/ensemble.ts";
import type { Model } from "../../src/model/model.ts";
import { predict } from "../../src/model/predict.ts";
import { encodeQuestions } from "../../src/model/question.ts";
import { checkModelConfig } from "../../src/network/config.ts";
import { generateAddition } from "../../src/problem/addition.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import { layOutTexts } from "../tiny_training.ts";

const layout = layOutTexts(3, 3);
const CONFIG = checkModelConfig({
  ...{ cell: "lstm", hiddenSize: 8, layers: 1, decoder: "attention" },
  ...{ ...layout, target: { ...layout.target, reverse: false } },
});
const EXAMPLES = [...generateAddition({ digits: 1 })];
const QUESTIONS = EXAMPLES.slice(0, 12).map(({ question }) => question);
const FLOAT32_EPSILON = 2 ** -23;

for (const executor of ["kernels", "reference"] as const) {
  const device = await chooseDevice("cpu", { executor });
  const makeModels = (...seeds: readonly number[]): Promise<Model[]> =>
    Promise.all(seeds.map((seed) => createModel(CONFIG, { device, seed })));

  Deno.test(`an ensemble of one model with attention measures and answers as the model (${executor})`, async () => {
    const [model] = await makeModels(1) as [Model];
    const dataset = createDataset(EXAMPLES, CONFIG);
    const alone = await evaluate(model, dataset);
    const own = await predict(model, QUESTIONS, { beam: 1 });
    for (const combine of ["mean", "vote"] as const) {
      const ensemble = createEnsemble([model], { combine });
      const { loss, characterAccuracy, ...counted } = await evaluate(ensemble, dataset);
      assertAlmostEquals(loss, alone.loss, 1e-5);
      assertEquals(counted, { exactMatch: alone.exactMatch, examples: alone.examples });
      if (combine === "mean") assertEquals(characterAccuracy, alone.characterAccuracy); // a vote counts the characters of answers
      for (
        const [i, { answer, probability, agreement }]
          of (await predict(ensemble, QUESTIONS, { beam: 1 }))
            .entries()
      ) {
        assertEquals([answer, agreement], [own[i]!.answer, 1]);
        assertAlmostEquals(probability, own[i]!.probability, 1e-6);
      }
    }
    model[Symbol.dispose]();
  });

  Deno.test(`an ensemble with attention chooses by the mean after its own symbols (${executor})`, async () => {
    const models = await makeModels(1, 2, 3);
    using ensemble = createEnsemble(models);
    const answers = await predict(ensemble, QUESTIONS, { beam: 1, probabilities: true });
    for (const [i, question] of QUESTIONS.entries()) {
      const { probabilities, answer } = answers[i]!;
      const decodings = models.map(({ executor }) =>
        executor.decode(encodeQuestions(ensemble, [question]))
      );
      let chosen: { parents: Uint32Array; symbols: Uint8Array } | undefined;
      let text = "";
      for (const position of probabilities!) {
        const next = await Promise.all(decodings.map((each) => each.step(chosen)));
        for (const [v, mean] of position.entries()) {
          const sum = next.reduce((sum, each) => sum + each.probabilities[v]!, 0);
          assertAlmostEquals(mean, sum / 3, FLOAT32_EPSILON);
        }
        const symbol = position.indexOf(Math.max(...position));
        const written = CONFIG.target.symbols[symbol]!;
        if (written === CONFIG.target.padding) break;
        text += written;
        chosen = { parents: Uint32Array.of(0), symbols: Uint8Array.of(symbol) };
      }
      assertEquals(answer, text);
      for (const each of decodings) each[Symbol.dispose]();
    }
  });

  Deno.test(`assess() of an ensemble with attention counts what predict() answers, by mean, by vote and with a beam (${executor})`, async () => {
    const models = await makeModels(4, 5, 6);
    const asked = EXAMPLES.slice(0, 20);
    const dataset = createDataset(asked, CONFIG);
    for (const [combine, beam] of [["mean", 1], ["vote", 1], ["mean", 3]] as const) {
      const ensemble = createEnsemble(models, { combine });
      const answers = await predict(ensemble, asked.map(({ question }) => question), { beam });
      const found = await assess(ensemble, dataset, { beam });
      assertEquals(
        found.right,
        answers.filter(({ answer }, i) => answer === asked[i]!.answer).length,
      );
      const mean = answers.reduce((sum, { agreement }) => sum + agreement!, 0) / asked.length;
      assertAlmostEquals(found.ensemble!.agreement.meanProbability, mean, 1e-12);
      assert(found.loss > 0);
    }
    for (const each of models) each[Symbol.dispose]();
  });
}
