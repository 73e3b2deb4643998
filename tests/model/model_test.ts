import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { countModelParameters, createModel } from "../../src/model/create_model.ts";
import { readParameters, writeParameters } from "../../src/model/model_parameters.ts";
import { predict } from "../../src/model/predict.ts";
import { checkQuestion } from "../../src/model/question.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { layOutTexts, TINY_MODEL } from "../tiny_training.ts";

const device = await chooseDevice("cpu");

Deno.test("createModel() draws the same parameters for the same seed", async () => {
  using a = await createModel(TINY_MODEL, { device, seed: 3 });
  using b = await createModel(TINY_MODEL, { device, seed: 3 });
  using c = await createModel(TINY_MODEL, { device, seed: 4 });
  assertEquals(await readParameters(a), await readParameters(b));
  assertNotEquals(await readParameters(a), await readParameters(c));
});

Deno.test("createModel() refuses configs out of range", async () => {
  for (
    const wrong of [
      { hiddenSize: 0 },
      { hiddenSize: 1.5 },
      { layers: 0 },
      { source: { ...TINY_MODEL.source, length: 1e9 } },
      { cell: "rnn" as "lstm" },
      { target: { ...TINY_MODEL.target, symbols: [] } },
    ]
  ) {
    await assertRejects(
      () => createModel({ ...TINY_MODEL, ...wrong }, { device }),
      RangeError,
      "Cannot make a model",
    );
  }
});

Deno.test("writeParameters() gives a model the parameters of another one", async () => {
  using a = await createModel(TINY_MODEL, { device, seed: 3 });
  using b = await createModel(TINY_MODEL, { device, seed: 4 });
  writeParameters(b, await readParameters(a));
  assertEquals(await readParameters(b), await readParameters(a));
});

Deno.test("writeParameters() refuses parameters of another shape, by name", async () => {
  using model = await createModel(TINY_MODEL, { device });
  using larger = await createModel({ ...TINY_MODEL, hiddenSize: 9 }, { device });
  const values = await readParameters(larger);
  assertThrows(() => writeParameters(model, values), TypeError, '"lstm/kernel"');
  assertThrows(() => writeParameters(model, values.slice(1)), TypeError, "7 are given");
});

Deno.test("predict() gives the same answers one by one as together, in the order of the questions", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 3 });
  const questions = ["1+2", "3+4", "9+9", "0+0", "5+5"];
  const together = await predict(model, questions, { batchSize: 2 });
  assertEquals(together.map(({ question }) => question), questions);
  for (const prediction of together) {
    const [alone] = await predict(model, [prediction.question]);
    assertEquals(alone!.answer, prediction.answer);
  }
  assertEquals(await predict(model, []), []);
});

Deno.test("predict() refuses questions that the model cannot read", async () => {
  using model = await createModel(TINY_MODEL, { device });
  await assertRejects(
    () => predict(model, ["1+2", "5-3"]),
    SyntaxError,
    'Cannot answer "5-3" (questions[1]): every character must be one of " +0123456789", but index 1 is "-"',
  );
  await assertRejects(
    () => predict(model, ["12+34"]),
    RangeError,
    'Cannot answer "12+34" (questions[0]): it must have at most 3 characters, but has 5',
  );
});

Deno.test("checkQuestion() says what is wrong with a question, and quotes it as given", async () => {
  using model = await createModel(TINY_MODEL, { device });
  const faultOf = (question: string): string => {
    try {
      checkQuestion(model, question);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  assertEquals(["1+2", "5x", "", "1 + 2", "1+2"].map(faultOf), [
    "",
    'Cannot answer "5x": every character must be one of " +0123456789", but index 1 is "x"',
    "",
    'Cannot answer "1 + 2": it must have at most 3 characters, but has 5',
    "",
  ]);
  using unpadded = await createModel({
    ...TINY_MODEL,
    ...layOutTexts(3, 2, "+0123456789"),
  }, { device });
  checkQuestion(unpadded, "1+2");
  assertThrows(
    () => checkQuestion(unpadded, "1+"),
    RangeError,
    "it must have 3 characters, but has 2",
  );
});

Deno.test("createModel() refuses more parameters than one file holds, and says how many there would be", async () => {
  await assertRejects(
    () => createModel({ ...TINY_MODEL, hiddenSize: 8192, layers: 2 }, { device }),
    RangeError,
    "at most 536870912 parameters, but would have 1342767116",
  );
});

Deno.test("createModel() keeps a copy of the config", async () => {
  const config = { ...TINY_MODEL };
  using model = await createModel(config, { device });
  Object.assign(config, { hiddenSize: 9, source: null });
  assertEquals(model.config, TINY_MODEL);
  assertThrows(() => Object.assign(model.config, { layers: 2 }), TypeError);
});

Deno.test("writeParameters() refuses values that are not finite, by name", async () => {
  using model = await createModel(TINY_MODEL, { device });
  const values = await readParameters(model);
  values[1]!.values[3] = NaN;
  assertThrows(() => writeParameters(model, values), TypeError, '"lstm/recurrent_kernel" has one');
});

Deno.test("predict() gives the probability of every character if asked, and the most probable ones are its answer", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 3 });
  const [plain] = await predict(model, ["7+8"]);
  assertEquals(plain!.probabilities, undefined);
  const [prediction] = await predict(model, ["7+8"], { probabilities: true });
  const rows = prediction!.probabilities!;
  assertEquals(rows.map((row) => row.length), [12, 12]);
  for (const row of rows) assertAlmostEquals(row.reduce((a, b) => a + b), 1, 1e-6);
  const best = rows.map((row) => model.target.layout.symbols[row.indexOf(Math.max(...row))]);
  assertEquals(best.join("").trimEnd(), prediction!.answer);
  const product = rows.reduce((p, row) => p * Math.max(...row), 1);
  assertAlmostEquals(product, prediction!.probability, 1e-6);
});

Deno.test("createModel() reports its progress in parameters", async () => {
  const seen: number[] = [];
  const config = { ...TINY_MODEL, hiddenSize: 96 };
  using _model = await createModel(config, {
    device,
    onProgress: (drawn, of) => {
      assertEquals(of, countModelParameters(config));
      seen.push(drawn);
    },
  });
  assertEquals(seen, seen.toSorted((a, b) => a - b));
  assert(seen.length > 5, seen.join());
  assertEquals(seen.at(-1), countModelParameters(config));
});

Deno.test("createModel() lets timers run meanwhile, throws the signal's reason and loads nothing", async () => {
  const load = (): never => {
    throw new Error("it was loaded");
  };
  const controller = new AbortController();
  const reason = new Error("enough");
  let drawn = 0;
  let now = 0;
  const aborting = setInterval(() => drawn > 0 && controller.abort(reason), 0);
  const config = { ...TINY_MODEL, hiddenSize: 200 };
  const error = await assertRejects(() =>
    createModel(config, {
      device: { ...device, load },
      signal: controller.signal,
      onProgress: (done) => drawn = done,
      now: () => now += 60,
    })
  );
  clearInterval(aborting);
  assertEquals(error, reason);
  assert(drawn < countModelParameters(config), `${drawn} were drawn`);
});

Deno.test("createModel() does not begin after the signal has aborted, with parameters given or not", async () => {
  using model = await createModel(TINY_MODEL, { device });
  const parameters = await readParameters(model);
  const reason = new Error("enough");
  for (const options of [{}, { parameters }]) {
    const signal = AbortSignal.abort(reason);
    const error = await assertRejects(() =>
      createModel(TINY_MODEL, { device, ...options, signal })
    );
    assertEquals(error, reason);
  }
});
