import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  assess,
  characterLayout,
  createEnsemble,
  createModel,
  createTraining,
  evaluate,
  fit,
  predict,
  train,
} from "../../mod.ts";
import { createAddition } from "../../addition.ts";
import { DISPLAY, type Displayed, type MediaBundle, showSummary } from "../../notebook.ts";
import { chooseDevice } from "../../mod.ts";
import { showHistory } from "../../src/notebook/show_history.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS } from "../tiny_training.ts";

const device = await chooseDevice("cpu");

/** Asks an object how it is shown, as the kernel does. */
async function show(value: unknown): Promise<MediaBundle> {
  assert(
    typeof value === "object" && value !== null && DISPLAY in value,
    "it does not show itself",
  );
  return await (value as Displayed)[DISPLAY]();
}

Deno.test("the method has the name that Deno's kernel looks for", () => {
  assertEquals(DISPLAY, Symbol.for("Jupyter.display"));
});

Deno.test("a model and an ensemble show a picture, and as text their summary", async () => {
  const model = await createModel(TINY_MODEL, { device, seed: 1 });
  using ensemble = createEnsemble([model]);
  for (const each of [model, ensemble]) {
    const shown = await show(each);
    assertMatch(shown["image/svg+xml"]!, /^<svg [^]*<\/svg>\n$/);
    assertStringIncludes(shown["text/plain"], "Total params");
  }
});

Deno.test("a summary shows a table with a row for each layer", async () => {
  const layout = characterLayout(" +0123456789", { inputLength: 7, outputLength: 4 });
  const shown = await show(showSummary({ cell: "lstm", hiddenSize: 128, layers: 1, ...layout }));
  assertEquals(shown["text/html"]!.match(/<tr>/g)!.length, 6);
  assertStringIncludes(shown["text/html"]!, "lstm_1 (LSTM)");
  assertStringIncludes(shown["text/html"]!, "205,324");
});

Deno.test("a training shows its curves when an epoch is complete", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 1 });
  using training = createTraining(model, { ...TINY_OPTIONS, epochs: 2 });
  assertEquals(await show(training), { "text/plain": "No epoch is complete" });
  for await (const _event of train(training, makeTinySplit()));
  for (const each of [training, training.progress.history]) {
    const shown = await show(each);
    assertStringIncludes(shown["image/svg+xml"]!, "Learning curves");
    assertEquals(shown["text/plain"].split("\n").length, 3);
  }
});

Deno.test("an evaluation shows a table, and an assessment its groups", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 1 });
  const { validation } = makeTinySplit();
  const evaluation = await show(await evaluate(model, validation));
  assertStringIncludes(evaluation["text/html"]!, "Exact match");
  const { groupings } = createAddition({ digits: 1 });
  const assessment = await show(await assess(model, validation, { groupings }));
  assertStringIncludes(assessment["image/svg+xml"]!, "Exact match");
  for (const { title } of groupings) assertStringIncludes(assessment["text/plain"], title);
});

Deno.test("what fit() gives shows curves, answers show a table, and an attention a picture", async () => {
  const pairs = ["ab", "ba", "aab", "bba", "abb", "b<i>", "a&b", "bab", "aba", "bb"]
    .map((question) => ({ question, answer: question.toUpperCase() }));
  using fitted = await fit(pairs, { device, hiddenSize: 8, epochs: 1, validation: pairs });
  assertStringIncludes((await show(fitted))["image/svg+xml"]!, "Learning curves");
  assertStringIncludes((await show(fitted.history))["image/svg+xml"]!, "Learning curves");
  assertStringIncludes((await show(fitted.evaluation))["text/html"]!, "Exact match");
  const predictions = await predict(fitted.model, ["b<i>", "ab"], { nBest: 2, attention: true });
  const shown = await show(predictions);
  assertStringIncludes(shown["text/html"]!, "b&lt;i&gt;");
  assertStringIncludes(shown["text/html"]!, "other answers");
  assertEquals(shown["text/plain"].split("\n").length, 2);
  assertEquals((await show(predictions[1]))["text/plain"].split("\n").length, 1);
  assertMatch((await show(predictions[0]!.attention))["image/svg+xml"]!, /^<svg /);
});

Deno.test("the method does not appear in copies, in JSON and among the keys of an object", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 1 });
  const evaluation = await evaluate(model, makeTinySplit().validation);
  assertEquals(Object.keys(evaluation), ["loss", "characterAccuracy", "exactMatch", "examples"]);
  assert(!(DISPLAY in { ...evaluation }));
  assertEquals(structuredClone(evaluation), { ...evaluation });
});

Deno.test("of a long history the last epochs are listed as text", () => {
  const metrics = { loss: 1, validationLoss: 1, characterAccuracy: 0.5, exactMatch: 0 };
  const history = Array.from({ length: 150_000 }, (_, i) => ({
    ...{ ...metrics, epoch: i + 1, step: i + 1, learningRate: 0.01, elapsedMs: i, best: false },
  }));
  const lines = showHistory(history)["text/plain"].split("\n");
  assertEquals(lines.length, 102);
  assertMatch(lines[1]!, /^149901 /);
  assertEquals(lines.at(-1), "and 149,900 epochs before");
});
