import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { hasEditSymbol } from "../../src/codec/answer_edits.ts";
import { listAnswers } from "../../src/dashboard/ask_model.ts";
import { createLocalModel } from "../../src/dashboard/page/local_model.ts";
import { readExample } from "../../src/dataset/dataset.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { assess } from "../../src/evaluation/assess.ts";
import { groupExamples } from "../../src/evaluation/learned.ts";
import { createModel } from "../../src/model/create_model.ts";
import { createEnsemble } from "../../src/model/ensemble.ts";
import { createMemory } from "../../src/model/memory.ts";
import { readParameters } from "../../src/model/model_parameters.ts";
import { predict } from "../../src/model/predict.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import type { Sample } from "../../src/training/events.ts";
import { fit, type FittedModel } from "../../src/training/fit.ts";
import { type FitOptions, resolveFit } from "../../src/training/fit_options.ts";
import { preparePairs } from "../../src/training/prepare_pairs.ts";
import { train } from "../../src/training/train.ts";
import { makeInflections } from "../made_inflections.ts";

const device = await chooseDevice("cpu", { threads: 1 });
const PAIRS = makeInflections(300);
const SHORT: Partial<FitOptions> = {
  ...{ device, hiddenSize: 16, embeddingSize: 8, encoderLayers: 1, epochs: 4, batchSize: 8 },
  ...{ seed: 3, learningRate: 0.01, dropout: 0 },
};

/** Trained so little that answers are wrong in every way. */
async function fitShortly(given: Partial<FitOptions> = {}): Promise<FittedModel> {
  return await fit(PAIRS, { ...SHORT, ...given });
}

Deno.test("a model that writes edits is measured by the texts that they make, and gives these", async () => {
  const samples: Sample[] = [];
  using fitted = await fitShortly({
    onEvent: (event) => event.event === "samples" ? void samples.push(...event.samples) : undefined,
  });
  const { model, validation, evaluation, problem, training } = fitted;
  assertEquals(problem.answers, "edits");
  assertEquals([training.options.weighted, training.options.swap], [true, false]);
  assert(evaluation.exactMatch > 0.1 && evaluation.exactMatch < 1, `${evaluation.exactMatch}`);
  const examples = Array.from({ length: validation.count }, (_, at) => readExample(validation, at));
  const answered = await predict(model, examples.map(({ question }) => question), {
    beam: 1,
    nBest: 1,
  });
  assert(answered.every(({ answer }) => !hasEditSymbol(answer)));
  const rightOf = (guesses: readonly string[]): number =>
    guesses.filter((guess, at) => guess === examples[at]!.answer).length;
  const right = rightOf(answered.map(({ answer }) => answer));
  assertEquals(evaluation.exactMatch, right / examples.length);

  const { right: assessed, worst, edits, targetSymbols } = await assess(model, validation, {
    beam: 1,
    worst: 1000,
  });
  assertEquals(assessed, right);
  assertEquals(targetSymbols, examples.reduce((sum, { answer }) => sum + answer.length, 0));
  assert(edits >= examples.length - right);
  assert(worst.every(({ target, guess }) => target !== guess && !hasEditSymbol(target + guess)));

  const answers = new Uint8Array(validation.targets.length);
  await evaluate(model, validation, { answers });
  const listed = listAnswers({ training: validation, validation }, answers, 1);
  assertEquals(rightOf(listed.guesses), right);
  const learned = (await groupExamples(validation, [{
    ...{ name: "all", title: "All", keyOf: () => "all" },
  }])).measure(1, answers);
  assertEquals(learned.groups[0]!.cells.map(({ right }) => right), [right]);

  assert(samples.length > 0);
  for (const { question, target, guess, characterProbabilities } of samples) {
    assert(
      PAIRS.some((pair) =>
        pair.answer === target && pair.question.startsWith(question.slice(0, 3))
      ),
    );
    assert(!hasEditSymbol(guess));
    assertEquals(characterProbabilities.length, guess.length);
  }
});

Deno.test("alternatives, attention, memory and ensembles of a model that writes edits have texts", async () => {
  using fitted = await fitShortly({ epochs: 2 });
  const { model } = fitted;
  const { question } = PAIRS[0]!;
  const [best] = await predict(model, [question], { nBest: 5, attention: true });
  assertEquals(best!.alternatives![0]!.answer, best!.answer);
  const texts = best!.alternatives!.map(({ answer }) => answer);
  assertEquals(new Set(texts).size, texts.length);
  assert(!hasEditSymbol(texts.join("")));
  assertEquals(best!.attention!.answer.length, best!.attention!.weights.length);
  const memory = createMemory([{ question, answer: "xyz" }]);
  const [remembered] = await predict(model, [question], { memory });
  assertEquals([remembered!.answer, remembered!.remembered], ["xyz", true]);
  const seen = createMemory(
    Array.from({ length: 30 }, (_, at) => readExample(fitted.validation, at)),
  );
  assertEquals((await assess(model, fitted.validation, { memory: seen })).right >= 30, true);
  const parameters = await readParameters(model);
  using ensemble = createEnsemble([
    await createModel(model.config, { device, parameters }),
    await createModel(model.config, { device, seed: 4 }),
  ]);
  const [together] = await predict(ensemble, [question]);
  assert(!hasEditSymbol(together!.answer));
  const { ensemble: figures } = await assess(ensemble, fitted.validation);
  assertEquals(figures!.members.length, 2);
});

Deno.test("a checkpoint of a model that writes edits answers the same, in a page too", async () => {
  using fitted = await fitShortly({ epochs: 3 });
  const { model, training, problem } = fitted;
  const bytes = await encodeCheckpoint({ ...await takeCheckpoint(training, problem), moments: [] });
  const saved = await decodeCheckpoint(bytes);
  assertEquals([saved.problem.answers, saved.problem.featureOrder], ["edits", "random"]);
  using loaded = await createModel(saved.model, { device, parameters: saved.parameters });
  using page = await createLocalModel(bytes);
  const questions = PAIRS.slice(0, 20).map(({ question }) => question);
  const expected = (await predict(model, questions)).map(({ answer }) => answer);
  assertEquals((await predict(loaded, questions)).map(({ answer }) => answer), expected);
  for (const [at, question] of questions.entries()) {
    assertEquals((await page.ask(question)).answer, expected[at]);
  }
});

Deno.test("a training with features in random orders that is stopped in an epoch and continued equals one without a stop", async () => {
  const options = { epochs: 3, batchSize: 16, seed: 5, weighted: true };
  const { split, layout, problem } = await preparePairs(PAIRS, resolveFit({ seed: 5 }));
  assertEquals(typeof split.varied, "function");
  const shape = { cell: "gru", hiddenSize: 8, layers: 1, decoder: "attention" } as const;
  async function run(stopAt: readonly number[], given = split): Promise<Float32Array[]> {
    using first = await createModel({ ...shape, ...layout }, { device, seed: 1 });
    using begun = createTraining(first, options);
    let checkpoint = await takeCheckpoint(begun, problem);
    for (const stop of [...stopAt, Infinity]) {
      const { model: config, parameters } = checkpoint;
      using model = await createModel(config, { device, parameters });
      using training = createTraining(model, checkpoint.training, checkpoint);
      for await (const event of train(training, given, { settleEvery: 1 })) {
        if (event.event === "step" && event.step === stop) break;
      }
      checkpoint = await takeCheckpoint(training, problem);
    }
    return checkpoint.parameters.map(({ values }) => values);
  }
  const whole = await run([]);
  assertEquals(await run([7, 20, 34]), whole);
  const { varied: _, ...asFile } = split;
  assertNotEquals(await run([], asFile), whole);
});

Deno.test("answers stay texts if that is asked for", async () => {
  using fitted = await fitShortly({ epochs: 1, answers: "text" });
  assertEquals([fitted.problem.answers, fitted.problem.featureOrder], ["text", "file"]);
  assertEquals(fitted.training.options.weighted, false);
  assert(!hasEditSymbol(fitted.model.config.target.symbols.join("")));
});

Deno.test("the decoder repeat writes edits too", async () => {
  using fitted = await fitShortly({
    decoder: "repeat",
    epochs: 2,
    encoderLayers: undefined!,
    embeddingSize: undefined!,
  });
  assertEquals(fitted.problem.answers, "edits");
  const [prediction] = await predict(fitted.model, [PAIRS[0]!.question]);
  assert(!hasEditSymbol(prediction!.answer));
});
